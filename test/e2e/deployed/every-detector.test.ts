import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../../../src/sandbox/place.ts'
import { scheduleDue } from '../../../src/sandbox/sample-events/account-events.ts'
import { clientConfig } from '../../support/sandbox.ts'
import { plantIn } from '../planted-resources.ts'
import { type DetectorRow, ROWS } from './detector-rows.ts'
import { bodyOf, isThere, messageIn, nameOf, type Said, saidHere } from './said-here.ts'
import { withDeployment } from './sandbox-deployment.ts'

/** The whole way of what each detector says: from the bus, a topic or the queue to the run, or to the word that nobody answers. */

const TOPIC = 'detectors'
const TopicArn = `arn:aws:sns:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:${TOPIC}`
const deployed = withDeployment({ parameters: { DetectorTopics: TopicArn } })
const rows = ROWS.filter(isThere)
const said = new Map<DetectorRow, Said>()
let logs: CloudWatchLogsClient
let taken: Taken[]
let clients: { destroy(): void }[] = []

beforeAll(async () => {
  const { sandbox, detect, send, quiet } = deployed()
  const config = clientConfig(sandbox)
  const [s3, rds] = [new S3Client({ ...config, forcePathStyle: true }), new RDSClient(config)]
  const sns = new SNSClient(config)
  logs = new CloudWatchLogsClient(config)
  clients = [s3, rds, sns, logs]
  const plant = plantIn(sandbox)
  let count = 0
  const MAKERS: Record<NonNullable<DetectorRow['about']>, () => Promise<string>> = {
    // Each check asks for other ports.
    group: () => plant.group({ source: '0.0.0.0/0' }, { source: '0.0.0.0/0', port: 3306 }),
    snapshot: () => plant.snapshot('all'),
    instance: () => plant.instance(),
    async bucket() {
      const Bucket = `said-by-detectors-${count++}`
      await s3.send(new CreateBucketCommand({ Bucket }))
      return Bucket
    },
    async database() {
      const DBInstanceIdentifier = `said-by-detectors-${count++}`
      const kind = { DBInstanceClass: 'db.t3.micro', Engine: 'postgres', AllocatedStorage: 20 }
      const MasterUserPassword = 'not-a-secret'
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier,
          ...kind,
          MasterUsername: 'admin1',
          MasterUserPassword,
        }),
      )
      return DBInstanceIdentifier
    },
  }
  await sns.send(new CreateTopicCommand({ Name: TOPIC }))
  const { IntakeQueueArn } = sandbox.deployed!.stack.outputs
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: IntakeQueueArn! }))
  for (const row of rows) said.set(row, await saidHere(row, sandbox.seeds, (kind) => MAKERS[kind]()))
  const of = (by: DetectorRow['by']) => rows.filter((row) => row.by === by).map((row) => said.get(row)!.event)
  await Promise.all([
    detect(...of('bus')),
    ...of('topic').map((event) => sns.send(new PublishCommand({ TopicArn, Message: messageIn(event) }))),
    ...of('queue').map((event) => send('IntakeQueue', bodyOf(event))),
  ])
  await quiet()
  taken = await deployed().until('the intake has said what it took', async () => {
    const all = await logged()
    if (sum(all.map(({ findings }) => findings)) >= wanted()) return all
    await send('IntakeQueue', NUDGE)
    return undefined
  })
}, 400_000)
afterAll(() => {
  for (const client of clients) client.destroy()
})

/** What the intake logged of a message in which there were findings. */
interface Taken {
  findings: number
  ignored: { finding: string; reason: string }[]
}

async function logged(): Promise<Taken[]> {
  const logGroupName = deployed().idOf('IntakeLogs')
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }))
  return events
    .flatMap(({ message = '' }): Taken[] =>
      message.includes('"findings taken"') ? [JSON.parse(message)] : [],
    )
    .filter(({ ignored }) => !ignored.some(({ finding }) => finding === NUDGE.id))
}

/** The emulator keeps what a function logs late until it is called again. */
const NUDGE = { ...scheduleDue('nudge'), id: 'nudge' }

test.each(rows.map((row) => [nameOf(row), row] as const))('%s', async (_, row) => {
  const { findings } = said.get(row)!
  const isRun = (end: string) => !end.startsWith('ignored: ')
  const runs = await deployed().runsOf(findings, row.ends.filter(isRun).length)
  const ignored = taken.flatMap((each) => each.ignored)
  const reasons = ignored.filter(({ finding }) => findings.includes(finding)).map(({ reason }) => reason)
  const ends = [
    ...runs.map(({ playbook, outcome, state }) => `${playbook} ${outcome ?? state}`),
    ...reasons.map((reason) => `ignored: ${reason}`),
  ]
  expect(ends.sort()).toEqual([...row.ends].sort())
})

test('what no rule lets in is not taken at all', () => {
  expect(sum(taken.map(({ findings }) => findings))).toBe(wanted())
  expect(rows.some(({ ends }) => ends.length === 0)).toBe(true)
})

test('what is played again from an archive is known, and changes nothing more', async () => {
  const { changesOf, send, quiet } = deployed()
  const good = rows.filter(({ by, ends }) => by === 'bus' && ends.length > 0 && ends.every(isRemediated))
  expect(good.length).toBeGreaterThan(10)
  const before = [await deployed().store.list(), changesOf('')]
  // As the rule hands it on: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
  for (const row of good) await send('IntakeQueue', { ...said.get(row)!.event, 'replay-name': 'again' })
  await quiet()
  const after = [await deployed().store.list(), changesOf('')]
  expect(after.map(({ length }) => length)).toEqual(before.map(({ length }) => length))
})

const isRemediated = (end: string) => end.endsWith(' remediated')
/** How many findings there are in what the rules, the topic and the queue let in. */
const wanted = () =>
  sum(rows.filter(({ ends }) => ends.length > 0).map((row) => said.get(row)!.findings.length))
const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0)
