import { resolve } from 'node:path'
import type { Identity, Place } from '../../aws/port.ts'
import { BadRequest } from '../../engine/refusals.ts'
import { isRegion } from '../../findings/region.ts'
import type { Invocation } from './invocation.ts'

/** Folder of the local runs: `--state`, RECTIFY_STATE, ./.rectify. Absolute. */
export function stateFolder({ shared, env, cwd }: Invocation): string {
  return resolve(cwd, shared.state ?? (env.RECTIFY_STATE || '.rectify'))
}

/** The folder of the user's own playbooks that the call names, absolute, and by what. */
export function namedPlaybooks({ shared, env, cwd }: Invocation): { folder: string; by: string } | undefined {
  if (shared.playbooks !== undefined) return { folder: resolve(cwd, shared.playbooks), by: '--playbooks' }
  if (!env.RECTIFY_PLAYBOOKS) return undefined
  return { folder: resolve(cwd, env.RECTIFY_PLAYBOOKS), by: 'RECTIFY_PLAYBOOKS' }
}

/** RECTIFY_PATIENCE: seconds that AWS may take to show a change or a call that was sent; 60. Throws `BadRequest`. */
export function patienceSeconds({ env }: Invocation): number {
  const text = env.RECTIFY_PATIENCE
  if (text === undefined || text === '') return 60
  if (!/^\d+(\.\d+)?$/.test(text)) {
    throw new BadRequest('usage', `RECTIFY_PATIENCE must be a number of seconds, not "${text}"`)
  }
  return Number(text)
}

/**
 * Region of what names none, as far as options and environment tell; the profile's is the SDK's to know. Throws
 * `BadRequest` for what is no region.
 */
export function regionOf({ shared, env }: Invocation): string | undefined {
  const region = shared.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined)
  return region === undefined
    ? undefined
    : checked(region, shared.region === undefined ? 'AWS_REGION' : '--region')
}

function checked(region: string, by: string): string {
  if (isRegion(region)) return region
  throw new BadRequest('usage', `${by} "${region}" is not a region, such as eu-central-1`)
}

/**
 * Where a resource is that a person named: in the caller's account, and in the region of its ARN or else the caller's.
 * Throws `BadRequest` when neither is known.
 */
export async function callersPlace(invocation: Invocation, caller: Identity, resource = ''): Promise<Place> {
  const [scheme, , , inArn] = resource.split(':')
  const ofArn = scheme === 'arn' && inArn ? checked(inArn, '--resource: the region') : undefined
  const region = ofArn ?? regionOf(invocation) ?? (await profileRegion(invocation))
  if (!region) throw new BadRequest('usage', 'no region: name one with --region or AWS_REGION')
  return { account: caller.account, partition: caller.partition, region }
}

/** The region of the profile, as the SDK finds it in its configuration files; undefined when there is none. */
async function profileRegion({ shared }: Invocation): Promise<string | undefined> {
  const { STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient(shared.profile === undefined ? {} : { profile: shared.profile })
  try {
    return await client.config.region()
  } catch (error) {
    if (error instanceof Error && error.message === 'Region is missing') return undefined
    throw error
  } finally {
    client.destroy()
  }
}
