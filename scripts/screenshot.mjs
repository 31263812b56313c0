// The pictures of the docs, of the real thing: a sandbox with the stack, the report of a rehearsal there; a finding, its card
// as the stand-in of Slack draws it, and the thread after somebody has approved. Needs Chromium (see test/support/chromium.ts).
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { sampleEvents } from '../src/sandbox/sample-events/sample-events.ts'
import { startSandbox } from '../src/sandbox/start.ts'
import { startChromium } from '../test/support/chromium.ts'
import { withPalette } from './palette-png.mjs'

const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url))
const PATIENCE_MS = 60_000
/** As wide as Slack shows a message, and as many pixels as a good screen has. */
const LOOK = { viewport: { width: 720, height: 1400 }, deviceScaleFactor: 2, colorScheme: 'light' }
/** A reader of the documents loads each of them. */
const MOST_BYTES = 200_000
const POLICY = `version: 1
slack: { workspace: T0ACME }
rules:
  - mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL], expiresAfter: 4h }
`

/** What a team may have that has begun to let go. */
const REHEARSED = `version: 1
rules:
  - when: { playbook: "ec2-*" }
    mode: auto
  - when: { playbook: ["wafv2-*", "ssm-*"] }
    mode: approve
    approval: { quorum: 1, approvers: ["arn:aws:iam::123456789012:role/NetOps"] }
  - mode: rehearse
`
const PROGRAM = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))

/** The report of a rehearsal of all that is planted, as it opens. */
async function rehearsal(page, { seeds, env }) {
  const cwd = mkdtempSync(join(tmpdir(), 'rehearsal-'))
  try {
    writeFileSync(join(cwd, 'rectify.yaml'), REHEARSED)
    mkdirSync(join(cwd, 'events'))
    for (const { name, event } of sampleEvents(seeds))
      writeFileSync(join(cwd, 'events', `${name}.json`), JSON.stringify(event))
    const args = [
      '--disable-warning=ExperimentalWarning',
      PROGRAM,
      'rehearse',
      'events',
      '--html',
      'report.html',
    ]
    // Not in step: the sandbox answers in this process.
    await promisify(execFile)(process.execPath, args, { cwd, env: { ...process.env, ...env } })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(pathToFileURL(join(cwd, 'report.html')).href)
    await page.getByRole('status').waitFor()
    save('rehearsal.png', await page.screenshot())
    await page.setViewportSize(LOOK.viewport)
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

function save(name, screenshot) {
  const png = withPalette(screenshot)
  if (png.length > MOST_BYTES) throw new Error(`${name} has ${png.length} bytes, more than ${MOST_BYTES}`)
  writeFileSync(join(IMAGES, name), png)
  console.log(`docs/images/${name}: ${png.length} bytes`)
}

/** From the first to the last of these elements, one below the other. */
async function picture(page, elements, name) {
  // Nothing is under the pointer.
  await page.mouse.move(0, 0)
  const [first, last] = [await elements.first().boundingBox(), await elements.last().boundingBox()]
  const clip = { ...first, height: last.y + last.height - first.y }
  save(name, await page.screenshot({ clip }))
}

async function pictures(page, { seeds, deployed: { slack, detectors } }) {
  await page.goto(`${slack.page}?as=${slack.users.ann}`)
  const { event } = sampleEvents(seeds).find(({ name }) => name === 'ssh-open')
  await detectors.put(event)
  const card = page.locator('main .message', { hasText: seeds['web-ssh-open'] })
  await card.getByRole('button', { name: 'Approve' }).waitFor()
  await picture(page, card, 'slack-card.png')

  await card.getByRole('button', { name: 'Approve' }).click()
  await card.getByRole('heading', { name: /^.*remediated/ }).waitFor()
  // Approved, done, proven.
  await card.getByRole('button', { name: '3 replies' }).click()
  await picture(page, page.locator('#thread .message'), 'slack-thread.png')
}

mkdirSync(IMAGES, { recursive: true })
const stack = { name: 'rectify', slack: true, policy: () => POLICY, parameters: { PatienceSeconds: '5' } }
const sandbox = await startSandbox({ stack, log: (line) => console.error(line) })
try {
  const chromium = await startChromium(LOOK)
  try {
    const page = await chromium.context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await rehearsal(page, sandbox)
    await pictures(page, sandbox)
  } finally {
    await chromium.stop()
  }
} finally {
  await sandbox.stop()
}
