import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { inAllSinks } from '../../src/cli/rehearsing/in-all-sinks.ts'
import { SEVERITIES } from '../../src/findings/finding.ts'
import { htmlReport } from '../../src/reports/rehearsal/rehearsal-html.ts'
import { RehearsalTally } from '../../src/reports/rehearsal/summary.ts'
import type { Run } from '../../src/run/run.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { DISAGREEING, TWIN } from '../support/sample-rehearsal.ts'
import { samplePlan, sampleRun } from '../support/sample-run.ts'
import { withPage } from '../support/watched-page.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const HOSTILE = '"><img src=x onerror=document.title=1>\u202e=1+1'

/** A rehearsal as large as asked for, with something of everything in it. */
function* manyRuns(count: number): Generator<Run> {
  for (let index = 0; index < count; index++) {
    const name = `sg-${(0xabcdef0 + index * 7919).toString(16)}`
    const resource = `arn:aws:ec2:eu-central-1:123456789012:security-group/${name}`
    const playbook = `ec2-playbook-${index % 40}`
    const plan = samplePlan({
      ...{ playbook, resource },
      before: {
        rules: [{ id: `sgr-${index}`, protocol: 'tcp', from: index % 1000, to: 22, source: '0.0.0.0/0' }],
      },
      warnings: index % 3 === 0 ? [`${index} interfaces wear it`] : [],
    })
    const severity = SEVERITIES[index % 5]!
    yield sampleRun({
      ...{ id: `01K${String(index).padStart(23, '0')}`, playbook, resource, key: resource },
      target: { resource, id: name, key: resource },
      ...{ intent: 'rehearse', account: `1234567890${index % 10}`, outcome: 'rehearsed' },
      ruling: {
        mode: index % 2 ? 'auto' : 'approve',
        reason: `rule ${index % 9} (rectify.yaml:${index % 9})`,
      },
      results: [{ step: 'revoke', status: index % 5 ? 'dryRunOk' : 'notCheckable' }],
      path: ['looking', 'rehearsing', 'closed'],
      findings: [sampleFinding({ id: `finding-${index}`, severity, title: `Port ${index} is open` })],
      ...(index % 11 === 0 && { plan: null, outcome: 'alreadyCompliant' }),
      ...(index % 11 !== 0 && { plan }),
      ...(index % 6 === 0 && { twin: TWIN }),
      ...(index === 1 && { reason: HOSTILE, name: HOSTILE, twin: { ...DISAGREEING, why: HOSTILE } }),
    })
  }
}

let folder: string
const tiny = () => join(folder, 'tiny.html')
const small = () => join(folder, 'small.html')
const large = () => join(folder, 'large.html')
const page = withPage({ home: () => pathToFileURL(folder).href, height: 900, patienceMs: 30_000 })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'page-'))
  for (const [file, count] of [
    [tiny(), 12],
    [small(), 250],
    [large(), 10_000],
  ] as const) {
    const [report, tally] = [htmlReport(), new RehearsalTally()]
    const all = inAllSinks([report, tally])
    for (const run of manyRuns(count)) await all.run(run)
    await all.ignored({ finding: HOSTILE, reason: HOSTILE })
    const end = { at: '2026-11-20T09:00:00.000Z', titles: {}, incomplete: [HOSTILE] }
    writeFileSync(file, await report.end(end, tally.summary()))
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const opened = async (file: string): Promise<Page> => {
  await page().goto(pathToFileURL(file).href)
  await page().getByRole('status').waitFor()
  return page()
}
const rows = () => page().locator('#runs tbody > tr:not(.detail)')
const said = () => page().getByRole('status').textContent()

describe('a report in a browser', () => {
  beforeEach(() => opened(small()))

  test('shows the first page of its runs, and the last on request', async () => {
    expect(await said()).toBe('250 runs')
    expect(await rows().count()).toBe(100)
    await page().getByRole('button', { name: 'Next' }).click()
    await page().getByRole('button', { name: 'Next' }).click()
    expect(await rows().count()).toBe(50)
    expect(await page().getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
  })

  test('finds runs by what is chosen and by words, and says how many', async () => {
    await page().getByLabel('Severity').selectOption('CRITICAL')
    expect(await said()).toBe('50 of 250 runs')
    await page().getByLabel('Search').fill('port 244 open')
    expect(await said()).toBe('1 of 250 runs')
    await page().getByRole('button', { name: 'Clear' }).click()
    await expect(page().getByText('250 runs', { exact: true }).waitFor()).resolves.toBeUndefined()
  })

  test('shows what twins came to, and finds runs by it', async () => {
    await page().getByLabel('Twin').selectOption('agrees')
    expect(await said()).toBe('42 of 250 runs')
    await rows().first().getByRole('button').click()
    expect(await page().locator('.detail').textContent()).toContain('taken back there: undone')
  })

  test('sorts severities by their weight, both ways', async () => {
    const first = () => rows().first().locator('td').nth(5).textContent()
    await page().getByRole('button', { name: 'Severity' }).click()
    expect(await first()).toBe('CRITICAL')
    await page().getByRole('button', { name: 'Severity' }).click()
    expect(await first()).toBe('INFORMATIONAL')
    expect(await page().locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending')
  })

  test('is used with the keyboard alone', async () => {
    await page().keyboard.press('/')
    await page().keyboard.type('finding-17')
    const button = rows().first().getByRole('button')
    await button.focus()
    await page().keyboard.press('Enter')
    expect(await button.getAttribute('aria-expanded')).toBe('true')
    expect(await page().evaluate(`document.activeElement.getAttribute('aria-expanded')`)).toBe('true')
    const detail = page().locator('.detail')
    expect(await detail.locator('del').allTextContents()).toEqual([
      expect.stringContaining('- rules: id sgr-17,'),
    ])
    expect(await detail.locator('.path .taken').allTextContents()).toEqual([
      'looking',
      'rehearsing',
      'closed',
    ])
    expect(await detail.getByRole('table').textContent()).toContain('dryRunOk')
  })

  test('opens at the run that a link names, wherever it stands', async () => {
    await page().goto(`${pathToFileURL(small()).href}#01K${'211'.padStart(23, '0')}`)
    await page().reload()
    expect(await page().locator('.detail').textContent()).toContain('Port 211 is open')
  })

  test('shows text from outside as text', async () => {
    expect(await page().title()).toMatch(/^Rehearsal: /)
    expect(await page().locator('img').count()).toBe(0)
    expect(await rows().nth(1).textContent()).toContain('"><img src=x onerror=document.title=1>\\u{202e}=1+1')
  })

  test('prints what was found without what cannot be used on paper', async () => {
    await page().emulateMedia({ media: 'print' })
    await page().evaluate(`dispatchEvent(new Event('beforeprint'))`)
    expect(await rows().count()).toBe(250)
    expect(await page().getByRole('search', { includeHidden: true }).isVisible()).toBe(false)
    await page().evaluate(`dispatchEvent(new Event('afterprint'))`)
    expect(await rows().count()).toBe(100)
  })
})

test.each(['light', 'dark'] as const)('a report has nothing that axe objects to, %s', async (colorScheme) => {
  await opened(tiny())
  await page().emulateMedia({ colorScheme })
  await rows().nth(2).getByRole('button').click()
  await page().evaluate(AXE)
  const { violations, passes } = await page().evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)])).toEqual([])
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
})

test('a page of 10,000 runs is small, and opening and filtering it lays out little', async () => {
  expect(statSync(large()).size).toBeLessThan(8_000_000)
  await opened(large())
  expect(await said()).toBe('10000 runs')
  const client = await page().context().newCDPSession(page())
  await client.send('Performance.enable')
  const measured = async () => {
    const { metrics } = await client.send('Performance.getMetrics')
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
  }
  const opening = await measured()
  expect(opening.LayoutCount).toBeLessThan(20)
  await page().getByLabel('Playbook').selectOption('ec2-playbook-7')
  await page().getByLabel('Search').fill('open')
  await page().getByRole('button', { name: 'Severity' }).click()
  expect(await said()).toMatch(/^\d+ of 10000 runs$/)
  const filtered = await measured()
  expect(filtered.LayoutCount! - opening.LayoutCount!).toBeLessThan(30)
  // What is shown, and not what there is.
  expect(await page().locator('*').count()).toBeLessThan(3_000)
})
