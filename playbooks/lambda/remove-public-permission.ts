import pLimit from 'p-limit'
import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { AwsError, isGone } from '../../src/playbook/aws-error.ts'
import { accessAnalyzer, cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import {
  definePlaybook,
  gone,
  notApplicable,
  ownTargets,
  type Reader,
  type Target,
} from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsAt } from '../../src/playbook/setting/read-tags.ts'
import { lambda } from '../services.ts'
import {
  type FunctionPolicy,
  type FunctionState,
  observedPolicies,
  planPermissions,
  samePolicies,
  statusOf,
} from './open-permissions.ts'

const ARN = 'arn:{partition}:lambda:{region}:{account}:function:{id}'
const FUNCTION = {
  resource: 'AWS::Lambda::Function',
  ids: nameIds(/[\w-]/, 64, ['resize-images']),
  arn: ARN,
  // Of an alias or a version.
  alsoNamed: [`${ARN}:*`],
}

const READS = ['lambda:ListAliases', 'lambda:GetPolicy', 'lambda:GetFunctionUrlConfig', 'lambda:ListTags']
/** Reads of policies at a time: Lambda answers 15 a second. */
const AT_ONCE = 8

const tagsOfFunction = read(
  lambda,
  'ListTags',
  (_, { resource }) => ({ Resource: resource }),
  ({ Tags = {} }) => Tags,
)

/** Takes out of a function's policies what lets everybody in, and holds the triggers of S3 to the account's own buckets. */
export const removePublicPermission = definePlaybook<Record<string, never>, FunctionState>({
  id: 'lambda-remove-public-permission',
  title: 'Take everybody out of the policies of a function',
  about: {
    risk: 'Anybody can start the function, with input of his own, as often as he likes: it works with the rights of its role, and at your cost. A trigger of S3 that names no account can be set off from a bucket of anybody.',
    breaks:
      'Callers of other accounts who are not named are refused, and so is whoever calls a function URL that asks for no credentials: where there is one, a person looks first. Triggers of S3 stay for the buckets of the account; those of other accounts stop.',
  },
  implements: ['lambda-public-policy'],
  ...FUNCTION,
  tagsOf: 'the function',
  answers: [
    config('LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED'),
    securityHub('Lambda.1'),
    prowler('awslambda_function_not_publicly_accessible'),
    accessAnalyzer('AWS::Lambda::Function'),
    cloudTrail('lambda:AddPermission20150331v2', 'lambda:AddPermission20150331'),
  ],
  parameters: z.strictObject({}) as z.ZodMiniType<Record<string, never>>,
  suggestedMode: 'approve',
  reads: READS,
  readsOn: Object.fromEntries(READS.map((action) => [action, [ARN]])),
  writes: ['lambda:RemovePermission', 'lambda:AddPermission'].map((action) => ({ action, resource: ARN })),
  property: 'AWS::Lambda::Permission',

  async targets(finding) {
    const own = ownTargets(FUNCTION, finding)
    return own.length > 0 ? own : notApplicable('the finding names no function')
  },

  async inspect(target, _parameters, aws, { first, findings }) {
    const [policies, tags] = await Promise.all([
      policiesOf(target, findings, aws),
      first ? tagsAt(tagsOfFunction.at(aws, target)) : undefined,
    ])
    if (policies === undefined || tags === 'gone') return gone
    const urls = first ? await openUrls(target, policies, aws) : undefined
    return { state: { account: aws.account, policies, ...(urls && { urls }) }, ...(tags && { tags }) }
  },

  plan: (state, _findings, _parameters, target) => planPermissions(state, target),
  observe: observedPolicies,
  status: (step, state, { before, after }) => statusOf(step, { before, after, now: observedPolicies(state) }),
  same: samePolicies,

  async impact() {
    return { summary: 'whoever starts the function without being named is refused', affected: [], count: 0 }
  },
})

/** The policies that there are; undefined: there is no function. */
async function policiesOf(
  { id }: Target,
  findings: readonly Finding[],
  aws: Reader,
): Promise<FunctionPolicy[] | undefined> {
  try {
    const aliases = await aws.list('lambda', 'ListAliases', { FunctionName: id }, 'Aliases')
    const named = aliases.flatMap(({ Name }) => Name ?? [])
    const qualifiers = [undefined, ...new Set([...named.sort(), ...qualifiersIn(findings, id)])]
    const limit = pLimit(AT_ONCE)
    const policies = await Promise.all(qualifiers.map((each) => limit(() => policyAt(id, each, aws))))
    return policies.flat()
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** Lambda says of a policy that is not there what it says of a function. */
async function policyAt(name: string, qualifier: string | undefined, aws: Reader): Promise<FunctionPolicy[]> {
  const place = qualifier === undefined ? {} : { qualifier }
  const found = await unlessNone(
    aws.read('lambda', 'GetPolicy', { FunctionName: name, ...(qualifier && { Qualifier: qualifier }) }),
  )
  const { Policy: text, RevisionId: revision } = found ?? {}
  return text ? [{ ...place, text, ...(revision !== undefined && { revision }) }] : []
}

/** Addresses that ask for no credentials, of what has a policy. */
async function openUrls({ id }: Target, policies: FunctionPolicy[], aws: Reader): Promise<string[]> {
  const configs = await Promise.all(
    policies.map(({ qualifier }) =>
      unlessNone(
        aws.read('lambda', 'GetFunctionUrlConfig', {
          FunctionName: id,
          ...(qualifier && { Qualifier: qualifier }),
        }),
      ),
    ),
  )
  return configs.flatMap((each) => (each?.AuthType === 'NONE' && each.FunctionUrl ? [each.FunctionUrl] : []))
}

async function unlessNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined
    throw error
  }
}

/** Aliases and versions of the function that detectors name in its ARN. */
function qualifiersIn(findings: readonly Finding[], name: string): string[] {
  return findings
    .flatMap(({ resources }) => resources)
    .flatMap(({ id, arn }) => {
      const [, own, qualifier] = /:function:([\w-]+):([\w-]+)$/.exec(arn ?? id) ?? []
      return own === name && qualifier !== undefined ? [qualifier] : []
    })
}
