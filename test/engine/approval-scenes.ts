import { expect } from '@jest/globals'
import type { Answer } from '../../src/engine/ports.ts'
import { Refused } from '../../src/engine/refusals.ts'
import type { Run } from '../../src/run/run.ts'
import { APPROVE, newWorld, sshOpen, start, type World } from './simulated-world.ts'

export const terms = (approval: string) =>
  `version: 1\nrules:\n  - mode: approve\n    approval: ${approval}\n`
export const arn = (name: string) => `arn:aws:iam::123456789012:user/${name}`

/** A world with a group that is open to everybody on port 22. */
export function openGroup(policy = APPROVE, group = 'sg-0web'): World {
  const world = newWorld(policy)
  world.aws.groups.add(group, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }])
  return world
}

/** A rule that stays. A group without any rule left costs one more call: is it gone? */
export const office = { id: 'sgr-office', from: 22, cidr: '10.0.0.0/8' }

/** While the change is made, two halves of the world are let in again. */
export function opensMeanwhile({ aws }: World): void {
  aws.fault({
    on: 'ec2:RevokeSecurityGroupIngress',
    nth: 1,
    dryRun: false,
    after: () => {
      aws.groups.addRule('sg-0web', { id: 'sgr-low', from: 22, cidr: '0.0.0.0/1' })
      aws.groups.addRule('sg-0web', { id: 'sgr-high', from: 22, cidr: '128.0.0.0/1' })
    },
  })
}

/** A session of an assumed role. */
export const session = (role: string, name: string) =>
  `arn:aws:sts::123456789012:assumed-role/${role}/${name}`

/** Somebody else at another terminal: a user by name, or an ARN. */
export function as(world: World, who: string) {
  world.aws.caller = { ...world.aws.caller, arn: who.startsWith('arn:') ? who : arn(who) }
  world.aws.restart()
  return start(world).engine
}

export async function asked(world: World, answer?: (run: Run) => Answer): Promise<Run> {
  const { engine } = start(world, answer ? { answer } : {})
  const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
  expect(runs).toHaveLength(1)
  return runs[0]!
}

export async function refusal(promise: Promise<unknown>): Promise<Refused> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Refused)
  return error as Refused
}
