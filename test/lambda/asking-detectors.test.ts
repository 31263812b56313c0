import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import { metrics } from '../../src/lambda/observe.ts'
import type { Run } from '../../src/run/run.ts'
import { inHub } from '../detectors/answer-samples.ts'
import { Life } from '../engine/killed-process.ts'
import { AUTO, newWorld, policyOf, sshOpen, type World } from '../engine/simulated-world.ts'
import { OpenFindings } from '../support/aws-model/open-findings.ts'
import { Deployment } from './simulated-deployment.ts'

const DAY = 24 * 3_600_000
const REHEARSE = 'version: 1\nrules:\n  - mode: rehearse\n'

let world: World
let open: OpenFindings
let deployment: Deployment

function deployed(policy = AUTO): void {
  world = newWorld(policy)
  open = new OpenFindings()
  for (const [service, handlers] of open.handlers()) world.aws.answering(service, handlers)
  deployment = new Deployment(world)
}
const counted = jest.spyOn(metrics, 'addMetric').mockReturnValue(metrics)
beforeEach(() => deployed())

/** A group that is open, of which AWS Config says so; it was so before the minute. */
function missed(id: string): void {
  world.aws.groups.add(id, [{ from: 22, cidr: '0.0.0.0/0' }])
  open.results.push({ rule: 'restricted-ssh', id, at: world.clock.iso() })
}

const settled = async () => {
  while (await deployment.invoke());
}
const runs = (): Promise<Run[]> => world.store.list()
const outcomes = async () => (await runs()).map(({ target, outcome }) => `${target.id} ${outcome}`).sort()
const asked = () => world.aws.calls.filter(({ action }) => action === 'config:DescribeComplianceByConfigRule')

test('what no event told is put right, once, on the first day', async () => {
  missed('sg-1')
  missed('sg-2')
  await deployment.ask()
  await settled()
  expect(await outcomes()).toEqual(['sg-1 remediated', 'sg-2 remediated'])
  expect(counted).toHaveBeenCalledWith('FindingsMissed', 'Count', 2)

  for (let times = 0; times < 5; times++) await deployment.ask()
  await settled()
  expect(asked()).toHaveLength(1)
  expect(await runs()).toHaveLength(2)
})

test('a finding whose event came is no second run, now or a day later, while AWS Config has not looked again', async () => {
  missed('sg-1')
  await deployment.findings(sshOpen(world, 'sg-1'))
  await settled()
  await deployment.ask()
  world.clock.advance(DAY)
  await deployment.ask()
  await settled()
  expect(asked()).toHaveLength(2)
  expect(await outcomes()).toEqual(['sg-1 remediated'])
})

test('what is open again is put right again', async () => {
  missed('sg-1')
  await deployment.ask()
  await settled()
  world.clock.advance(DAY)
  open.results.length = 0
  missed('sg-1')
  await deployment.ask()
  await settled()
  expect(await outcomes()).toEqual(['sg-1 remediated', 'sg-1 remediated'])
})

test('one hole that two detectors see is one run', async () => {
  missed('sg-1')
  open.hub.push(inHub('sg-1', world.clock.iso()))
  await deployment.ask()
  expect(deployment.queue).toHaveLength(1)
  await settled()
  const [run] = await runs()
  expect(run).toMatchObject({ outcome: 'remediated' })
  expect(run?.findings.map(({ source }) => source).sort()).toEqual(['config', 'securityhub'])
})

describe('what stays open as it is', () => {
  const days = async (count: number) => {
    for (let day = 0; day < count; day++) {
      await deployment.ask()
      await settled()
      world.clock.advance(DAY)
      // AWS Config evaluates each day, and says the same.
      for (const result of open.results) result.at = world.clock.iso()
    }
  }

  test('is rehearsed once a week, and not once a day', async () => {
    deployed(REHEARSE)
    missed('sg-1')
    await days(7)
    expect(await outcomes()).toEqual(['sg-1 rehearsed'])
    await days(1)
    expect(await outcomes()).toEqual(['sg-1 rehearsed', 'sg-1 rehearsed'])
  })

  test('is tried at once under a new policy', async () => {
    deployed(REHEARSE)
    missed('sg-1')
    await days(2)
    world.policy = policyOf(AUTO)
    await days(1)
    expect(await outcomes()).toEqual(['sg-1 rehearsed', 'sg-1 remediated'].sort())
  })
})

test('nobody is asked while changes are paused, or the policy cannot be used', async () => {
  missed('sg-1')
  await world.store.setControl({ paused: true, by: 'ann' })
  await deployment.ask()
  await world.store.setControl({ paused: false })
  const usable = world.policy
  world.policy = { kind: 'none', reason: 'cannot evaluate policy' }
  await deployment.ask()
  expect(world.aws.calls).toEqual([])

  world.policy = usable
  await deployment.ask()
  expect(asked()).toHaveLength(1)
})

test('members are asked after the account of the stack, each in its own name', async () => {
  await deployment.ask(new Life(), ['999988887777'])
  expect(asked().map(({ account, region }) => `${account} ${region}`)).toEqual([
    `${world.aws.account} ${world.aws.region}`,
    `999988887777 ${world.aws.region}`,
  ])
})

test('an invocation that dies at whatever point loses nothing, and makes nothing twice', async () => {
  const life = new Life()
  missed('sg-1')
  missed('sg-2')
  await deployment.ask(life)
  expect(life.points.filter((point) => point.endsWith('queue.send'))).toHaveLength(4)
  for (let end = 0; end < life.points.length; end++) {
    deployed()
    missed('sg-1')
    missed('sg-2')
    await deployment.ask(new Life(end)).catch(() => undefined)
    world.aws.restart()
    await settled()
    await deployment.ask()
    await settled()
    expect({ end, outcomes: await outcomes() }).toEqual({
      end,
      outcomes: ['sg-1 remediated', 'sg-2 remediated'],
    })
  }
})
