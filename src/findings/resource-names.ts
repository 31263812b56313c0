import { type Arn, arnOf } from './arn.ts'
import { ARN_FORMS } from './arn-forms.ts'
import type { FindingResource } from './finding.ts'

/** The type of a finding that is about the account itself; the id is the account's. */
export const ACCOUNT_TYPE = 'AWS::::Account'

/**
 * A resource as CloudFormation and the service's own API name it, of what a detector writes.
 *
 * An ARN says more than the type beside it: scanners call a snapshot `AwsEc2Volume`, a user's inline policy
 * `AwsIamPolicy` with the user's ARN. An ARN that names a kind and no resource (`arn:aws:ec2:…:vpc`,
 * `…:detector/unknown`) says that there is none: the account is at fault.
 * @param said the type as written: `AwsEc2SecurityGroup`, `AWS::EC2::SecurityGroup`, `AWS_EC2_INSTANCE`, `Other`
 * @param id an ARN, `AWS::::Account:123456789012`, `AWS::IAM::AccessKey:AKIA…`, or an id or name
 * @returns undefined when there is no id at all
 */
export function resourceNamed(said: string | undefined, id: string | undefined): FindingResource | undefined {
  const named = id?.trim()
  if (named === undefined || named === '') return undefined
  const type = said === undefined ? undefined : resourceTypeNamed(said)
  const arn = arnOf(named)
  if (arn !== undefined) {
    return (
      byForm(arn, named, type) ??
      accountOfArn(arn) ??
      byId(last(arn)) ?? { type: type ?? said ?? OTHER, id: named, arn: named }
    )
  }
  const [, written, rest] = /^(AWS::\w*::\w+):([^:].*)$/.exec(named) ?? []
  if (written !== undefined && rest !== undefined) return { type: written, id: rest }
  if (type === ACCOUNT_TYPE) return { type, id: named }
  return byId(named.startsWith('arn:') ? lastOf(named) : named) ?? { type: type ?? said ?? OTHER, id: named }
}

/** What scanners call a resource that they have no name for. */
const OTHER = 'Other'

const plain = (type: string): string => type.toLowerCase().replace(/[^a-z0-9]/g, '')

const TYPES = new Map([
  ...ARN_FORMS.map(([type]) => [plain(type), type] as const),
  // Names of ASFF that are not CloudFormation's in other letters (ASFF reference, "Resources").
  ['awsaccount', ACCOUNT_TYPE],
  ['awselbloadbalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
  ['awselbv2loadbalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  ['awsstepfunctionstatemachine', 'AWS::StepFunctions::StateMachine'],
  ['awsopensearchdomain', 'AWS::OpenSearchService::Domain'],
  ['awsiammanagedpolicy', 'AWS::IAM::Policy'],
  ['awsecrimage', 'AWS::ECR::ContainerImage'],
])

/** The CloudFormation type of a type in ASFF's, OCSF's or Inspector's spelling; undefined when it is none we know. */
export function resourceTypeNamed(said: string): string | undefined {
  return TYPES.get(plain(said)) ?? (/^AWS::\w*::\w+$/.test(said) ? said : undefined)
}

interface Form {
  type: string
  resource: RegExp
}

const FORMS = new Map<string, Form[]>()
for (const [type, ...forms] of ARN_FORMS) {
  for (const form of forms) {
    const [service, ...resource] = form.split(':')
    FORMS.set(service!, [...(FORMS.get(service!) ?? []), { type, resource: patternOf(resource.join(':')) }])
  }
}

function patternOf(form: string): RegExp {
  const source = form
    .replaceAll('*', '.+')
    .replace('{id}', '(?<id>[^/:]+)')
    .replace('{rest}', '(?<id>.+?)')
    .replace('{arn}', '.+')
  return new RegExp(`^${source}$`)
}

/** What a scanner writes in the place of an id when there is no such resource. */
const NOBODY = new Set(['unknown'])

/** By the form of the ARN; where two types share one, the type beside it decides. */
function byForm(arn: Arn, text: string, said: string | undefined): FindingResource | undefined {
  const fitting = (FORMS.get(arn.service) ?? []).flatMap(({ type, resource }) => {
    const match = resource.exec(arn.resource)
    return match === null ? [] : [{ type, id: match.groups?.id ?? text }]
  })
  const found = fitting.find(({ type }) => type === said) ?? fitting[0]
  return found === undefined || NOBODY.has(found.id) ? undefined : { ...found, arn: text }
}

/** A kind without a resource, a root user, or an id that says that there is none. */
function accountOfArn(arn: Arn): FindingResource | undefined {
  if (arn.account === undefined) return undefined
  const isKind = /^[a-z-]+$/.test(arn.resource) || NOBODY.has(last(arn))
  return isKind ? { type: ACCOUNT_TYPE, id: arn.account } : undefined
}

const last = (arn: Arn): string => lastOf(arn.resource)
const lastOf = (text: string): string => text.split(/[/:]/).at(-1)!

/** EC2's ids tell their type by themselves. */
const BY_PREFIX = new Map([
  ['i', 'AWS::EC2::Instance'],
  ['sg', 'AWS::EC2::SecurityGroup'],
  ['vol', 'AWS::EC2::Volume'],
  ['snap', 'AWS::EC2::Snapshot'],
  ['ami', 'AWS::EC2::Image'],
  ['vpc', 'AWS::EC2::VPC'],
  ['subnet', 'AWS::EC2::Subnet'],
  ['acl', 'AWS::EC2::NetworkAcl'],
  ['eni', 'AWS::EC2::NetworkInterface'],
  ['igw', 'AWS::EC2::InternetGateway'],
  ['rtb', 'AWS::EC2::RouteTable'],
  ['eipalloc', 'AWS::EC2::EIP'],
])

function byId(id: string): FindingResource | undefined {
  const [, prefix] = /^([a-z]+)-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.exec(id) ?? []
  const type = prefix === undefined ? undefined : BY_PREFIX.get(prefix)
  return type === undefined ? undefined : { type, id }
}
