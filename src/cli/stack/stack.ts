import { BadRequest } from '../../engine/refusals.ts'
import type { Invocation } from '../program/invocation.ts'
import type { Stack } from './deployment.ts'

/**
 * The deployment that `--stack` names. Throws `BadRequest`: `usage` when there is no such stack or it is none of ours,
 * `credentials` when the caller may not look.
 */
export async function openStack(invocation: Invocation): Promise<Stack> {
  const name = invocation.shared.stack
  if (!name) throw new BadRequest('usage', 'name the deployment with --stack NAME')
  if (invocation.findStack) return invocation.findStack(invocation, name)
  const { findStack } = await import('./find-stack.ts')
  return findStack(invocation, name)
}

/** `--stack` is refused by what decides and acts on this machine: it would not be the deployment's policy or power. */
export function refuseStack({ shared }: Invocation, command: string): void {
  if (shared.stack === undefined) return
  const advice = `rectify send EVENT... --stack ${shared.stack} hands events to the deployment`
  throw new BadRequest('usage', `${command} works on this machine and takes no --stack; ${advice}`)
}
