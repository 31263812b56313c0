import type { AssumedRole } from '../../control.ts'
import { type Answer, errorAnswer } from '../../front/answer.ts'
import type { Forward } from '../../front/front.ts'
import type { AwsRequest } from '../../front/request.ts'
import { evaluated } from './policy-evaluation.ts'
import { policiesOf } from './principals-policies.ts'

/** Kinds of EC2's resources by the beginning of their ids; those of images and snapshots have no account in their ARN. */
const KINDS: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  ami: 'image',
  eni: 'network-interface',
  i: 'instance',
  sg: 'security-group',
  snap: 'snapshot',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
}
const WITHOUT_ACCOUNT = new Set(['image', 'snapshot'])

/**
 * EC2 says to a dry run whether the caller may make the call; the emulator lets everybody. Refused is a role that was
 * assumed here and whose policies do not allow it on a resource that the call names by its id.
 */
export async function refusedDryRun(
  request: AwsRequest,
  { role, session }: AssumedRole,
  forward: Forward,
): Promise<Answer | undefined> {
  const policies = await policiesOf(role, request, forward)
  // Nobody made the role in the emulator: there is nothing to go by.
  if (!policies) return undefined
  const action = `${request.service}:${request.operation}`
  const named = Object.values(request.input).flatMap((value) => arnOf(String(value), request))
  const context = new Map([['aws:requestedregion', [request.region]]])
  const all = [policies.own, ...(policies.boundary ? [[policies.boundary]] : [])]
  for (const resource of named.length > 0 ? named : ['*']) {
    for (const [at, each] of all.entries()) {
      const { decision } = evaluated(each, action, resource, context)
      if (decision === 'allowed') continue
      const kind = at === 0 ? 'identity-based policy' : 'permissions boundary'
      const why =
        decision === 'explicitDeny'
          ? `with an explicit deny in ${at === 0 ? 'an' : 'a'} ${kind}`
          : `because no ${kind} allows the ${action} action`
      const message = `You are not authorized to perform this operation. User: ${session} is not authorized to perform: ${action} on resource: ${resource} ${why}`
      return errorAnswer(request, 403, 'UnauthorizedOperation', message)
    }
  }
  return undefined
}

function arnOf(id: string, { region, account }: AwsRequest): string[] {
  const [, start = ''] = /^([a-z]+)-[0-9a-f]{8,}$/.exec(id) ?? []
  const kind = KINDS[start]
  if (kind === undefined) return []
  return [`arn:aws:ec2:${region}:${WITHOUT_ACCOUNT.has(kind) ? '' : account}:${kind}/${id}`]
}
