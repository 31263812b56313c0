import { describe, expect, test } from '@jest/globals'
import { newWorld, sshOpen, start } from './simulated-world.ts'

const REVOKE = 'ec2:RevokeSecurityGroupIngress'
const RULES = 'ec2:DescribeSecurityGroupRules'

/** The rules of a group that is closed cannot be read so often, after the change. */
async function closedButUnread(times: number) {
  const world = newWorld()
  world.aws.groups.add('sg-0web', [
    { id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' },
    { id: 'sgr-office', from: 22, cidr: '10.0.0.0/8' },
  ])
  world.aws.fault({
    on: REVOKE,
    dryRun: false,
    after: () => {
      for (let nth = 1; nth <= times; nth++) world.aws.fault({ on: RULES, nth, kind: 'throttle' })
    },
  })
  const { engine } = start(world)
  const [run] = (await engine.handle([sshOpen(world, 'sg-0web')], 'apply')).runs
  return { world, run: run! }
}

describe('a change whose proof AWS does not let be read for a while', () => {
  test('is proven as soon as it can be', async () => {
    const { run } = await closedButUnread(3)
    expect(run).toMatchObject({ outcome: 'remediated', results: [{ status: 'applied' }] })
  })

  test('is unverified in the end, with why, and not called a failure', async () => {
    const { world, run } = await closedButUnread(500)
    expect(run).toMatchObject({ outcome: 'unverified', results: [{ status: 'applied' }] })
    expect(run.reason).toContain(
      `the change was made, but the live resource could not be read since: ${RULES}`,
    )
    expect(world.aws.changes()).toHaveLength(1)
  })
})
