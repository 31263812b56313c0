import type { Forward } from '../../front/front.ts'
import type { AwsRequest } from '../../front/request.ts'
import { type AttachedPolicy, statementsOf } from './policy-evaluation.ts'

/** What decides for a role or user. The policies of a user's groups are not among it. */
export interface PrincipalPolicies {
  own: AttachedPolicy[]
  boundary?: AttachedPolicy
}

const PRINCIPAL = /^arn:[\w-]+:iam::\d{12}:(role|user)\/(?:.*\/)?([^/]+)$/
/** Whoever has a key of the sandbox: no user of the emulator, and allowed whatever the emulator lets it do. */
const OWN_USER = /^arn:[\w-]+:iam::\d{12}:user\/sandbox$/

/** As the emulator holds them; undefined where it has no such role or user. */
export async function policiesOf(
  arn: string,
  request: AwsRequest,
  forward: Forward,
): Promise<PrincipalPolicies | undefined> {
  if (OWN_USER.test(arn)) return { own: [ALL] }
  const [, kind, name = ''] = PRINCIPAL.exec(arn) ?? []
  if (kind !== 'role' && kind !== 'user') return undefined
  const Kind = kind === 'role' ? 'Role' : 'User'
  const named = { [`${Kind}Name`]: name }
  const ask = (Action: string, input: Record<string, string>) => asked(request, forward, { Action, ...input })
  const found = await ask(`Get${Kind}`, named)
  if (found === undefined || textsIn(found, 'Arn')[0] !== arn) return undefined

  const managed = async (policyArn: string): Promise<AttachedPolicy> => {
    const policy = (await ask('GetPolicy', { PolicyArn: policyArn })) ?? ''
    const [VersionId = ''] = textsIn(policy, 'DefaultVersionId')
    const version = (await ask('GetPolicyVersion', { PolicyArn: policyArn, VersionId })) ?? ''
    const id = policyArn.slice(policyArn.lastIndexOf('/') + 1)
    const type = policyArn.includes(':iam::aws:') ? 'aws-managed' : 'user-managed'
    return { id, type, statements: statementsOf(documentIn(version, 'Document')) }
  }
  const inline = async (PolicyName: string): Promise<AttachedPolicy> => {
    const policy = (await ask(`Get${Kind}Policy`, { ...named, PolicyName })) ?? ''
    const statements = statementsOf(documentIn(policy, 'PolicyDocument'))
    return { id: `${kind}_${name}_${PolicyName}`, type: kind, statements }
  }
  const [names, arns] = await Promise.all([
    ask(`List${Kind}Policies`, named),
    ask(`ListAttached${Kind}Policies`, named),
  ])
  const own = await Promise.all([
    ...textsIn(names ?? '', 'member').map(inline),
    ...textsIn(arns ?? '', 'PolicyArn').map(managed),
  ])
  const [boundary] = textsIn(found, 'PermissionsBoundaryArn')
  return { own, ...(boundary && { boundary: await managed(boundary) }) }
}

const ALL: AttachedPolicy = {
  id: 'AdministratorAccess',
  type: 'aws-managed',
  statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

/** The emulator's answer as XML; undefined where it refuses. The caller's request, but for what is asked of whom. */
async function asked(
  request: AwsRequest,
  forward: Forward,
  input: Record<string, string>,
): Promise<string | undefined> {
  const { authorization = '', 'x-amz-target': _, ...headers } = request.headers
  const answer = await forward({
    method: 'POST',
    path: '/',
    headers: {
      ...headers,
      authorization: authorization.replace(/\/[^/]+\/aws4_request/, '/iam/aws4_request'),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: Buffer.from(new URLSearchParams({ Version: '2010-05-08', ...input }).toString()),
  })
  return answer.status === 200 ? answer.body.toString() : undefined
}

function textsIn(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text]) => text!)
}

/** IAM writes documents as they stand in an address. */
function documentIn(xml: string, element: string): string {
  const [text = '{}'] = textsIn(xml, element)
  return text.startsWith('%')
    ? decodeURIComponent(text)
    : text.replace(/&(quot|amp|lt|gt|#34);/g, (_, name: string) => MARKS[name]!)
}

const MARKS: Readonly<Record<string, string>> = { quot: '"', '#34': '"', amp: '&', lt: '<', gt: '>' }
