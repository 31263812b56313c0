// The pictures of docs/slack.md, of the real thing: a sandbox with the stack, a finding, and its card as the stand-in of
// Slack draws it. Needs Chromium (see test/support/chromium.ts).
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sampleEvents } from '../src/sandbox/sample-events/sample-events.ts'
import { startSandbox } from '../src/sandbox/start.ts'
import { startChromium } from '../test/support/chromium.ts'

const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url))
const PATIENCE_MS = 60_000
/** As wide as Slack shows a message, and as many pixels as a good screen has. */
const LOOK = { viewport: { width: 800, height: 1400 }, deviceScaleFactor: 2, colorScheme: 'light' }
const POLICY = `version: 1
slack: { workspace: T0ACME }
rules:
  - mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL], expiresAfter: 4h }
`

const sandbox = await startSandbox({
  stack: { name: 'rectify', slack: true, policy: () => POLICY, parameters: { PatienceSeconds: '5' } },
  log: (line) => console.error(line),
})
const { slack, detectors } = sandbox.deployed
const chromium = await startChromium(LOOK)
try {
  const page = await chromium.context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  mkdirSync(IMAGES, { recursive: true })
  const { event } = sampleEvents(sandbox.seeds).find(({ name }) => name === 'ssh-open')
  await detectors.put(event)
  await page.goto(`${slack.page}?as=${slack.users.ann}`)
  const card = page.locator('main .message', { hasText: sandbox.seeds['web-ssh-open'] })
  await card.getByRole('button', { name: 'Approve' }).waitFor()
  await card.screenshot({ path: join(IMAGES, 'slack-card.png') })

  if (process.env.DUMP) {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb')
    const { dynamoStore } = await import('../src/store/dynamodb/dynamodb-store.ts')
    const { writeFileSync } = await import('node:fs')
    const client = new DynamoDBClient({ endpoint: sandbox.endpoint, region: sandbox.region, credentials: { accessKeyId: sandbox.env.AWS_ACCESS_KEY_ID, secretAccessKey: 'sandbox' } })
    const store = dynamoStore(client, sandbox.deployed.stack.outputs.TableName)
    const dump = async (name) => writeFileSync(`/tmp/gallery/${name}.json`, JSON.stringify(await store.list(), null, 1))
    for (const { event, name } of sampleEvents(sandbox.seeds)) if (name !== 'ssh-open') await detectors.put(event)
    await new Promise((r) => setTimeout(r, 6000))
    await dump('asked')
    await card.getByRole('button', { name: 'Approve' }).click()
    await card.getByRole('button', { name: 'Undo' }).waitFor()
    await dump('done')
    client.destroy()
  }
} finally {
  await chromium.stop()
  await sandbox.stop()
}
