import { describe, expect, test } from '@jest/globals'
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda'
import { OutOfTime } from '../../src/engine/drive/out-of-time.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { MOST_RECEIVES, takingGroups } from '../../src/lambda/incoming/records.ts'
import { endOf } from '../engine/interrupted-work.ts'
import { Life } from '../engine/killed-process.ts'
import { AUTO, finding, newWorld, sshOpen, type World } from '../engine/simulated-world.ts'
import { twoSteps } from '../engine/two-step-playbook.ts'
import { Deployment } from './simulated-deployment.ts'

/** Records as `A1` (the first of group A), received so often. */
const recordsOf = (received: number, ...ids: string[]) =>
  ids.map((messageId) => {
    const attributes = { MessageGroupId: messageId[0], ApproximateReceiveCount: String(received) }
    return { messageId, body: messageId, attributes } as SQSRecord
  })

/** What a batch comes to, of which these fail, and those that cannot be put anew. */
async function taken(
  Records: SQSRecord[],
  fails: Record<string, Error>,
  { cannotPut = [] }: { cannotPut?: string[] } = {},
) {
  const [took, anew]: [string[], string[]] = [[], []]
  const take = async ({ messageId }: SQSRecord) => {
    took.push(messageId)
    if (fails[messageId]) throw fails[messageId]
  }
  const putAnew = async ({ messageId }: SQSRecord) => {
    if (cannotPut.includes(messageId)) throw new Error('no queue')
    anew.push(messageId)
  }
  const context = { getRemainingTimeInMillis: () => 10_000 } as Context
  const handler = takingGroups(() => take, putAnew)
  const { batchItemFailures } = await handler({ Records } as SQSEvent, context)
  return { took: took.sort(), again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), anew }
}

const broken = new Error('broken')

describe('a batch of messages', () => {
  test('goes group by group: what fails sends back those behind it in its group, and nobody else', async () => {
    const records = recordsOf(1, 'A1', 'A2', 'B1', 'A3', 'B2')
    expect(await taken(records, { A2: broken })).toEqual({
      took: ['A1', 'A2', 'B1', 'B2'],
      again: ['A2', 'A3'],
      anew: [],
    })
  })

  test.each<[what: string, error: Error, again: string[], anew: string[]]>([
    ['what stood behind a failure', broken, ['A2'], ['A3', 'A4']],
    ['what the time did not suffice for', new OutOfTime(), [], ['A2', 'A3', 'A4']],
  ])('does not take %s to the dead letters', async (_what, error, again, anew) => {
    const records = recordsOf(MOST_RECEIVES, 'A1', 'A2', 'A3', 'A4')
    expect(await taken(records, { A2: error })).toMatchObject({ again, anew })
    expect(await taken(recordsOf(MOST_RECEIVES - 1, 'A1', 'A2', 'A3', 'A4'), { A2: error })).toMatchObject({
      again: ['A2', 'A3', 'A4'],
      anew: [],
    })
  })

  test('lets the first of a group answer for itself, whatever it fails of', async () => {
    for (const error of [broken, new OutOfTime()])
      expect(await taken(recordsOf(MOST_RECEIVES, 'A1', 'A2'), { A1: error })).toMatchObject({
        again: ['A1'],
        anew: ['A2'],
      })
  })

  test('loses nothing that cannot be put anew, nor the order behind it', async () => {
    const records = recordsOf(MOST_RECEIVES, 'A1', 'A2', 'A3', 'A4')
    expect(await taken(records, { A1: broken }, { cannotPut: ['A3'] })).toMatchObject({
      again: ['A1', 'A3', 'A4'],
      anew: ['A2'],
    })
  })
})

/** Findings about as many open groups, and a second one about the first. */
function openGroups(world: World, count: number): Finding[] {
  const ids = Array.from({ length: count }, (_, n) => `sg-${String(n).padStart(17, '0')}`)
  for (const id of ids) world.aws.groups.add(id, [{ from: 22, cidr: '0.0.0.0/0' }])
  const findings = ids.map((id) => sshOpen(world, id))
  return [...findings, { ...findings[0]!, id: 'another rule' }]
}

async function deploymentFor(groups: number): Promise<Deployment> {
  const deployment = new Deployment(newWorld(AUTO))
  for (const finding of openGroups(deployment.world, groups)) await deployment.findings(finding)
  deployment.world.aws.calls.length = 0
  return deployment
}

/** What is left open, how often each group was changed, and what was told of the messages. */
async function endOfAll({ world, queue, deadLetters, errors }: Deployment) {
  const changed = world.aws.changes().map(({ input }) => String(input.GroupId))
  return {
    holes: [...world.aws.groups.rules.values()].length,
    changed: changed.sort(),
    left: queue.length + deadLetters.length,
    errors,
    ...(await endOf(world.store)),
  }
}

test('records behind one that is put anew are put behind it: nothing overtakes it', async () => {
  const [a, b, c, d] = [...recordsOf(1, 'A1', 'A2'), ...recordsOf(MOST_RECEIVES, 'A3'), ...recordsOf(2, 'A4')]
  expect(await taken([a!, b!, c!, d!], { A1: broken })).toMatchObject({
    again: ['A1', 'A2'],
    anew: ['A3', 'A4'],
  })
})

test('a run that is handed on is not taken up by the messages behind it, as if its drivers died', async () => {
  const world = newWorld(AUTO)
  for (const id of ['snap-0a', 'snap-0b']) world.aws.ec2.addSnapshot(id)
  const deployment = new Deployment(world)
  deployment.playbooks = [twoSteps({ together: false })]
  const resources = [{ type: 'AWS::EC2::Snapshot', id: 'snap-0a' }]
  const found = finding(world, { source: 'config', type: 'TWO_STEPS', resources })
  for (let update = 1; update <= 8; update++)
    await deployment.findings({ ...found, version: found.version.replace('#0001', `#000${update}`) })
  // The first change takes most of an invocation.
  world.aws.fault({ on: 'ec2:ModifySnapshotAttribute', nth: 1, dryRun: false, delayMs: 100_000 })
  await deployment.settle()
  expect(await world.store.list()).toMatchObject([{ outcome: 'remediated', wakeUps: 1 }])
  expect(world.aws.changes()).toHaveLength(2)
})

describe('runs of one invocation', () => {
  test('read alike once, and each changes its own', async () => {
    const [alone, together] = [await deploymentFor(1), await deploymentFor(9)]
    for (const deployment of [alone, together]) expect(await deployment.invoke()).toBe(true)
    const reads = ({ world }: Deployment) => world.aws.calls.length - world.aws.changes().length
    expect(together.world.aws.changes()).toHaveLength(9)
    expect(reads(together)).toBeLessThanOrEqual(2 * reads(alone))
    expect(await endOfAll(together)).toMatchObject({ holes: 0, open: 0, left: 0, errors: [], locked: false })
  })

  test('wait for AWS to show their changes together', async () => {
    const took = async (groups: number) => {
      const deployment = await deploymentFor(groups)
      const { clock, aws } = deployment.world
      const before = [...aws.groups.rules.values()].map((rule) => structuredClone(rule))
      const [start, shownAt] = [clock.now(), clock.now() + 30_000]
      aws.fault({
        on: 'ec2:DescribeSecurityGroupRules',
        answer: (answer) => (clock.now() < shownAt ? { ...answer, SecurityGroupRules: before } : answer),
      })
      await deployment.invoke()
      expect(await endOfAll(deployment)).toMatchObject({ holes: 0, open: 0, left: 0, errors: [] })
      return clock.now() - start
    }
    expect(await took(9)).toBeLessThan(1.5 * (await took(1)))
  })

  test('end the same wherever their invocation is killed', async () => {
    const undisturbed = await deploymentFor(3)
    const life = new Life()
    await undisturbed.invoke(life)
    await undisturbed.settle()
    const wanted = await endOfAll(undisturbed)
    expect(wanted).toMatchObject({ holes: 0, open: 0, left: 0, errors: [], locked: false })
    expect(wanted.changed).toEqual([...new Set(wanted.changed)])
    expect(wanted.changed).toHaveLength(3)

    for (const point of life.points.keys()) {
      const disturbed = await deploymentFor(3)
      await disturbed.invoke(new Life(point))
      await disturbed.settle()
      const ended = { killed: life.points[point], ...(await endOfAll(disturbed)) }
      expect(ended).toEqual({ killed: life.points[point], ...wanted })
    }
  })
})
