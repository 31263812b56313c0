import type { Tags } from '../../playbook/playbook.ts'
import { meansRoleOrUser } from '../../policy/never.ts'

/** What is the engine's own in AWS, as whoever starts it knows. Nothing of it is ever changed by a run. */
export interface OwnParts {
  stacks: OwnStack[]
  /** ARN patterns of roles and users of IAM by which it works. */
  identities: string[]
  /** ARNs of other resources that it works with. */
  arns: string[]
}

/** A stack that the engine is deployed by; without account or region, in whichever. */
export interface OwnStack {
  name: string
  account?: string
  region?: string
}

/** A resource that a run would change. */
export interface Touched {
  arn: string
  account: string
  region: string
  /** Live tags, of each resource that is meant; empty where none were read. */
  tags: readonly Tags[]
}

/** What a resource is of the engine's own; undefined where it is nothing of it. */
export function ownPart({ stacks, identities, arns }: OwnParts, about: Touched): string | undefined {
  if (identities.some((pattern) => meansRoleOrUser(pattern, about.arn))) return 'a role that it works by'
  if (arns.includes(withoutEnding(about.arn))) return 'it works with it'
  const stack = stacks.find((each) => isOfStack(each, about))
  return stack && `part of stack ${stack.name}`
}

function isOfStack(stack: OwnStack, { arn, account, region, tags }: Touched): boolean {
  if (tags.some((each) => isTagged(stack, each, { account, region }))) return true
  const [, , service, ofArn, accountOfArn, ...rest] = arn.split(':')
  const at = { account: accountOfArn || account, region: ofArn || (service === 'iam' ? undefined : region) }
  if (!isThere(stack, at)) return false
  const [last = ''] = rest.join(':').replace(/:\*$/, '').split(/[/:]/).slice(-1)
  return service === 'cloudformation'
    ? rest.join(':').startsWith(`stack/${stack.name}/`)
    : isNamed(stack, last)
}

/** The id of the stack says where it is; its name alone does not, and the resource does. */
function isTagged(stack: OwnStack, tags: Tags, at: { account: string; region: string }): boolean {
  const id = tags['aws:cloudformation:stack-id']
  if (id === undefined) return tags['aws:cloudformation:stack-name'] === stack.name && isThere(stack, at)
  const [, , , region, account = '', path = ''] = id.split(':')
  return isThere(stack, { account, region }) && path.startsWith(`stack/${stack.name}/`)
}

function isThere(stack: OwnStack, at: { account: string; region: string | undefined }): boolean {
  const isAccount = stack.account === undefined || stack.account === at.account
  // IAM knows no regions.
  return isAccount && (stack.region === undefined || at.region === undefined || stack.region === at.region)
}

/** As CloudFormation names what a template does not name: `rectify-RunsTable-1A2B3C4D5E6F`. */
const GENERATED = /^(?<stack>.+)-[A-Z][A-Za-z0-9]*-[A-Za-z0-9]{8,}$/
/** Where a kind's names are short (roles, functions: 64), CloudFormation cuts a stack's name, but not to less. */
const LEAST_LEFT = 20

function isNamed({ name }: OwnStack, physical: string): boolean {
  const { stack } = GENERATED.exec(physical.replace(/\.fifo$/, ''))?.groups ?? {}
  if (stack === undefined) return false
  return stack === name || (stack.length >= LEAST_LEFT && name.startsWith(stack))
}

/** Log groups are also written with all their streams. */
const withoutEnding = (arn: string): string => arn.replace(/:\*$/, '')
