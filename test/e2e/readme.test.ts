import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from '@jest/globals'
import { sampleEvents } from '../../src/sandbox/sample-events/sample-events.ts'
import { prowlerCheck } from '../support/prowler-check.ts'
import { withSandbox } from '../support/sandbox.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** What the README shows is carried out here, line by line. */

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))
const README = readFileSync(join(CHECKOUT, 'README.md'), 'utf8')

/** Who runs the commands here, in place of the approver that it names. */
const CALLER = 'arn:aws:iam::123456789012:user/sandbox'

/** The contents of the fenced blocks of a document in one language. */
function blocks(language: string, document = README): string[] {
  return [...document.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, said, text]) =>
    said === language ? [text!] : [],
  )
}

/** The commands of shell blocks, without the prompt's comment behind them. */
const linesOf = (shell: readonly string[]): string[] =>
  shell
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter(Boolean)
const lines = linesOf(blocks('sh'))
const rectifyLines = lines.filter((line) => line.startsWith('rectify '))
const [policy] = blocks('yaml')

const sandbox = withSandbox()
let own: Program
beforeAll(async () => {
  own = programIn(sandbox(), { policy: 'none' })
  for (const { name, event } of sampleEvents(sandbox().seeds)) own.write(`events/${name}.json`, event)
  const open = `arn:aws:ec2:us-east-1:123456789012:security-group/${sandbox().seeds['web-ssh-open']}`
  const scan = [
    prowlerCheck('ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22', 'AwsEc2SecurityGroup', open),
  ]
  own.write('output.ocsf.json', scan)
})

test.each([
  ['README.md', 5],
  ['CONTRIBUTING.md', 4],
  ['docs/operations.md', 1],
  ['docs/own-playbooks.md', 3],
])('the npm commands of %s are scripts of the package', (document, least) => {
  const { scripts } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'))
  const text = readFileSync(join(CHECKOUT, document), 'utf8')
  const named = [...text.matchAll(/\bnpm (?:run (?:-s )?)?([\w-]+)/g)]
    .map(([, script]) => script!)
    .filter((script) => !['ci', 'install', 'pack', 'package'].includes(script))
  expect(named.length).toBeGreaterThanOrEqual(least)
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
})

test('its policy is valid', async () => {
  own.write('shown.yaml', policy!)
  expect(await own.run('policy', 'check', 'shown.yaml')).toMatchObject({ status: 0, document: { ok: true } })
})

test('its commands work as they are written, in that order', async () => {
  expect(rectifyLines.length).toBeGreaterThan(8)
  for (const line of rectifyLines) {
    // The starter policy only rehearses; the one that is shown makes runs to approve and to undo.
    if (line.includes(' apply '))
      own.write('rectify.yaml', policy!.replace(/arn:aws:iam::\d+:role\/\w+/, CALLER))
    const run = line.includes('RUN') ? await runFor(line) : ''
    const args = line
      .replace('RUN', run)
      .replace('sg-0123456789abcdef0', sandbox().seeds['web-ssh-open']!)
      // One of those that probe in the samples.
      .replace('ADDRESS', '45.155.205.10')
      .split(/\s+/)
      .slice(1)
    const { status, document } = await own.run(...args)
    expect({ line, status, document }).toEqual({
      line,
      status: expect.any(Number),
      document: expect.anything(),
    })
    expect({ line, error: (document as { error?: unknown }).error }).toEqual({ line })
    // All wait for a person, an undo and an unblocking always.
    expect({ line, status }).toEqual({ line, status: /apply|undo|unblock/.test(line) ? 3 : 0 })
    if (line.includes('approve')) expect(document).toMatchObject({ runs: [{ outcome: 'remediated' }] })
  }
}, 240_000)

/** A run that waits, for `approve`; one that changed something, for the others. */
async function runFor(line: string): Promise<string> {
  const { runs } = await own.report('runs')
  const wanted = line.includes('approve') ? { waitingFor: 'approval' } : { outcome: 'remediated' }
  const found = runs.find((run) =>
    Object.entries(wanted).every(([field, value]) => run[field as keyof typeof run] === value),
  )
  expect({ line, found }).toEqual({ line, found: expect.anything() })
  return found!.run
}

test('docs/rehearsal.md leads from nothing to a policy in force, step by step', async () => {
  const text = readFileSync(join(CHECKOUT, 'docs/rehearsal.md'), 'utf8')
  const [, steps = ''] = /## From nothing to a signed-off policy\n([\s\S]*?)\n## /.exec(text) ?? []
  const shown = linesOf(blocks('sh', steps))
  expect(shown.length).toBeGreaterThan(9)
  const team = programIn(sandbox(), { policy: 'none' })
  for (const { name, event } of sampleEvents(sandbox().seeds)) team.write(`events/${name}.json`, event)
  team.write('next.yaml', 'version: 1\nrules:\n  - mode: auto\n')
  const changesBefore = changes(team).length
  for (const line of shown) {
    const [program, ...args] = line.split(/\s+/)
    if (program === 'cp') {
      expect(changes(team)).toHaveLength(changesBefore)
      copyFileSync(join(team.folder, args[0]!), join(team.folder, args[1]!))
      continue
    }
    const { status, document } = await team.run(...args)
    expect({ line, status, error: (document as { error?: unknown }).error }).toEqual({ line, status: 0 })
    if (line.includes('next.yaml') && line.includes('rehearse'))
      expect(document).toMatchObject({
        whatIf: {
          changes: expect.arrayContaining([
            expect.objectContaining({ to: expect.objectContaining({ mode: 'auto' }) }),
          ]),
        },
      })
  }
  expect(readFileSync(join(team.folder, 'report.html'), 'utf8')).toContain('id="packed"')
  expect(changes(team).length).toBeGreaterThan(changesBefore)
}, 240_000)
