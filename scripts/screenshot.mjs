// The pictures of docs/slack.md, of the real thing: a sandbox with the stack, a finding, its card as the stand-in of Slack
// draws it, and the thread after somebody has approved. Needs Chromium (see test/support/chromium.ts).
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

/** From the first to the last of these elements, one below the other. */
async function picture(page, elements, name) {
  // Nothing is under the pointer.
  await page.mouse.move(0, 0)
  const [first, last] = [await elements.first().boundingBox(), await elements.last().boundingBox()]
  const clip = { ...first, height: last.y + last.height - first.y }
  const png = withPalette(await page.screenshot({ clip }))
  if (png.length > MOST_BYTES) throw new Error(`${name} has ${png.length} bytes, more than ${MOST_BYTES}`)
  writeFileSync(join(IMAGES, name), png)
  console.log(`docs/images/${name}: ${png.length} bytes`)
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
    await pictures(page, sandbox)
  } finally {
    await chromium.stop()
  }
} finally {
  await sandbox.stop()
}
