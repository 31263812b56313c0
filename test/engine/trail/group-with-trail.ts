import { trailOf } from '../../../src/engine/trail/trail.ts'
import { failure, type Handlers } from '../../support/aws-model/failure.ts'
import { newWorld, sshOpen, start, type World } from '../simulated-world.ts'

export const GROUP = 'sg-0web'
export const GROUP_ARN = `arn:aws:ec2:eu-west-1:123456789012:security-group/${GROUP}`
export const ANN = 'arn:aws:sts::123456789012:assumed-role/Admin/ann'

/** Of the resource whose events are asked for. */
export const nameIn = ({ LookupAttributes }: Parameters<Handlers[string]>[0]): unknown =>
  (LookupAttributes as { AttributeValue: string }[])[0]!.AttributeValue

export const refusing = (code: string): Handlers[string] => {
  return () => {
    throw failure('cloudtrail:LookupEvents', code)
  }
}

/** With one group that is open, and CloudTrail. */
export function world(policy: string, tags: Record<string, string>, LookupEvents?: Handlers[string]): World {
  const made = newWorld(policy)
  made.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }], { tags })
  if (LookupEvents) made.aws.answering('cloudtrail', { LookupEvents })
  return made
}

export async function applied(made: World, answer?: Parameters<typeof start>[1]) {
  const trail = trailOf(made.aws, made.clock)
  const { runs } = await start(made, { trail, ...answer }).engine.handle([sshOpen(made, GROUP)], 'apply')
  return runs[0]!
}
