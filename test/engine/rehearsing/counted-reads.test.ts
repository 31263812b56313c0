import { describe, expect, test } from '@jest/globals'
import { services } from '../../../playbooks/index.ts'
import type { Aws } from '../../../src/aws/port.ts'
import { Services } from '../../../src/aws/services.ts'
import { WireCount } from '../../../src/engine/rehearsing/wire-count.ts'
import { fakeReader } from '../../support/reader.ts'
import { AUTO, newWorld, sshOpen, start } from '../simulated-world.ts'

const GROUP = 'sg-0123456789abcdef0'
const [RULES, GROUPS, INTERFACES] = [
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeNetworkInterfaces',
]

describe('what a look read', () => {
  const world = newWorld(AUTO)
  world.aws.groups.add(GROUP, [{ id: 'sgr-1', from: 22, to: 22, cidr: '0.0.0.0/0' }])
  const about = sshOpen(world, GROUP)

  test('is noted of a rehearsal: all of it, and what was read of the resource itself', async () => {
    const { runs } = await start(world).engine.handle([about], 'rehearse')
    const [{ region, reads } = { region: '' }] = runs
    expect(reads).toEqual({
      look: { [region]: { [RULES]: 1, [GROUPS]: 1, [INTERFACES]: 1 } },
      proof: { [region]: { [RULES]: 1, [GROUPS]: 1 } },
    })
  })

  test('is noted of a rehearsal by the policy, as a deployment makes it', async () => {
    const deployed = newWorld('version: 1\nrules:\n  - mode: rehearse\n')
    deployed.aws.groups.add(GROUP, [{ id: 'sgr-1', from: 22, to: 22, cidr: '0.0.0.0/0' }])
    const { runs } = await start(deployed).engine.handle([sshOpen(deployed, GROUP)], 'apply')
    expect(runs).toMatchObject([
      { outcome: 'rehearsed', reads: { proof: { [runs[0]!.region]: { [RULES]: 1 } } } },
    ])
  })

  test('is noted of nothing that is applied', async () => {
    const { runs } = await start(world).engine.handle([about], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(runs[0]).not.toHaveProperty('reads')
  })
})

describe('the count on the wire', () => {
  const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
  const reader = fakeReader(Object.fromEntries([RULES, GROUPS].map((action) => [action, () => ({})])), place)
  const aws = { services: new Services(services), reader: () => reader } as unknown as Aws
  const call = { action: RULES, region: place.region, requestId: undefined, ms: 40, attempts: 1 }

  test('tells what was asked by whom, and what calls it took, in each account and region', async () => {
    const count = new WireCount()
    const ofEngine = count.counting(aws, true).reader(place, [], () => undefined)
    const ofOthers = count.counting(aws, false).reader(place, [], () => undefined)
    await ofEngine.list('ec2', 'DescribeSecurityGroupRules', {}, 'SecurityGroupRules')
    await ofEngine.at('us-east-1').read('ec2', 'DescribeSecurityGroups', {})
    await ofOthers.optional('ec2', 'DescribeSecurityGroupRules', {})
    // The caller's own calls say no account, those by a role do.
    count.call(call)
    count.call({ ...call, account: place.account, attempts: 3, ms: 100 })
    count.call({ ...call, account: '999988887777' })
    const none = { asked: 0, askedByAll: 0, calls: 0, fewest: 0, retries: 0, ms: 0, quickestMs: 0 }
    expect(count.entries(place.account)).toEqual([
      {
        ...{ account: place.account, region: place.region, action: RULES },
        ...{ asked: 1, askedByAll: 2, calls: 2, fewest: 1, retries: 2, ms: 140, quickestMs: 40 },
      },
      { account: place.account, region: 'us-east-1', action: GROUPS, ...none, asked: 1, askedByAll: 1 },
      {
        account: '999988887777',
        region: place.region,
        action: RULES,
        ...none,
        calls: 1,
        ms: 40,
        quickestMs: 40,
      },
    ])
  })

  test('tells the fewest calls that as many reads take: joined by ids, equal ones once, each with all of its pages', async () => {
    const count = new WireCount()
    const port = count.counting(aws, true).reader(place, [], () => undefined)
    const ofGroup = (id: string) => ({ Filters: [{ Name: 'group-id', Values: [id] }] })
    for (let n = 0; n < 250; n++)
      await port.list('ec2', 'DescribeSecurityGroupRules', ofGroup(`sg-${n}`), 'SecurityGroupRules')
    for (const GroupIds of [['sg-1'], ['sg-2'], ['sg-1']])
      await port.read('ec2', 'DescribeSecurityGroups', { GroupIds })
    for (let n = 0; n < 40; n++) count.call(call)
    for (let n = 0; n < 6; n++) count.call({ ...call, action: GROUPS })
    expect(count.entries(place.account)).toMatchObject([
      { action: RULES, asked: 250, calls: 40, fewest: 2 },
      // Two that differ, of two pages each.
      { action: GROUPS, asked: 3, calls: 6, fewest: 4 },
    ])
  })

  test('is empty where nothing was asked', () => {
    expect(new WireCount().isEmpty).toBe(true)
  })
})
