import { describe, expect, test } from '@jest/globals'
import { openGroup, terms } from './approval-scenes.ts'
import { sshOpen, start } from './simulated-world.ts'

const IN_CHANNEL = `${terms('{ channel: C0SECOPS, quorum: 2 }')}slack: { workspace: T0ACME }\n`

describe('the channel in which people are told of a run', () => {
  const applied = async (world: ReturnType<typeof openGroup>) =>
    (await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')).runs[0]!

  test('is known of a run that failed before there was a plan', async () => {
    const world = openGroup(IN_CHANNEL)
    world.aws.fault({ on: 'ec2:DescribeSecurityGroupRules', kind: 'deny' })
    const run = await applied(world)
    expect(run).toMatchObject({ outcome: 'failed', plan: null, approval: { channel: 'C0SECOPS' } })
  })

  test('is known of a run that is only told', async () => {
    const run = await applied(openGroup(IN_CHANNEL.replace('mode: approve', 'mode: notify')))
    expect(run).toMatchObject({ outcome: 'notified', approval: { channel: 'C0SECOPS' } })
  })
})
