import { describe, expect, test } from '@jest/globals'
import { openGroup } from './approval-scenes.ts'
import { AUTO, sshOpen, start } from './simulated-world.ts'

const GROUP = 'sg-0a1b2c3d4e5f60718'
const ARN = `arn:aws:ec2:eu-west-1:123456789012:security-group/${GROUP}`

describe('a finding that names its resource', () => {
  test.each([GROUP, ARN, ARN.replace('123456789012', ''), `AWS::EC2::SecurityGroup/${GROUP}`])(
    'as %s is about the one resource with the one ARN',
    async (id) => {
      const world = openGroup(AUTO, GROUP)
      const resources = [{ type: 'AWS::EC2::SecurityGroup', id }]
      const first = await start(world).engine.handle([sshOpen(world, id, { resources })], 'apply')
      const again = await start(world).engine.handle([sshOpen(world, GROUP)], 'apply')

      expect(first.runs).toMatchObject([{ outcome: 'remediated', resource: ARN, key: ARN }])
      // The same run: told by one key, and covered although it was named in another way.
      expect(again.runs.map((run) => run.id)).toEqual(first.runs.map((run) => run.id))
    },
  )

  test.each([
    ['bastion', 'neither id nor ARN of an AWS::EC2::SecurityGroup'],
    ['AIDACKCEVSQ6C2EXAMPLE', 'neither id nor ARN'],
    [`arn:aws:ec2:eu-west-1:123456789012:instance/${GROUP}`, 'is not the ARN of an AWS::EC2::SecurityGroup'],
    [ARN.replace('123456789012', '999999999999'), 'is of account 999999999999, not 123456789012'],
    [ARN.replace('eu-west-1', 'us-east-1'), 'is of region us-east-1, not eu-west-1'],
    [ARN.replace('arn:aws:', 'arn:aws-cn:'), 'is of partition aws-cn, not aws'],
    [GROUP.toUpperCase(), 'neither id nor ARN'],
  ])('as %s is not understood, which is told; nothing is called gone', async (id, why) => {
    const world = openGroup(AUTO, GROUP)
    const { engine, progress } = start(world)
    const { runs } = await engine.handle([sshOpen(world, id)], 'apply')

    const reason = expect.stringMatching(/^not understood: /)
    expect(runs).toMatchObject([{ outcome: 'notApplicable', reason, resource: id }])
    expect(runs[0]?.reason).toContain(why)
    expect(progress).toContainEqual({ kind: 'warning', message: expect.stringContaining(why) })
    expect(world.aws.calls).toEqual([])
  })
})
