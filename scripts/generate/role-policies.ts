import type { Place } from '../../src/aws/port.ts'
import { capitalised, type PolicyStatement, sorted, statements } from '../../src/cli/iam-policy.ts'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { TRAIL_NEEDS } from '../../src/engine/trail/trail.ts'
import { type Permission, readPermissions, writePermissions } from '../../src/playbook/permissions.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import type { Collection } from '../../src/playbook/service/collection.ts'

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: characters, white space not counted. */
const MOST_CHARACTERS = 6_144
/** The same page: managed policies attached to a role, unless the account has asked for more. */
const MOST_POLICIES = 10
/** A pseudo parameter, as a template's `!Sub` fills it in. */
export const pseudo = (name: string): string => `$${`{AWS::${name}}`}`

/** As long as these get: AWS counts what CloudFormation fills in. */
const LONGEST: Record<string, string> = {
  [pseudo('Partition')]: 'aws-us-gov',
  [pseudo('Region')]: 'ap-northeast-1',
  [pseudo('AccountId')]: '123456789012',
}

/** A managed policy of a session role. */
export interface RolePolicy {
  /** Logical id: `ReadEc2`. */
  id: string
  /** Services whose actions it grants, as IAM calls them. */
  services: string[]
  statements: PolicyStatement[]
}

/**
 * What the reading role needs: for the looks of the playbooks by service, for what detectors are asked, for who changed
 * something as CloudTrail has it, and for what AWS Organizations is asked.
 * @param organization none for a role of an account that is not asked in
 */
export function readPolicies(
  collection: Collection<AnyPlaybook>,
  where: Place,
  organization: readonly Permission[],
): RolePolicy[] {
  const needs = collection.playbooks.flatMap((playbook) =>
    readPermissions(playbook).map((need) => ({ need, service: serviceOf(need, playbook, collection) })),
  )
  const services = sorted(needs.map(({ service }) => service))
  const asked = DETECTORS.flatMap((detector) => detector.needs)
  return withinQuotas('Read', [
    ...services.map((service) => {
      const own = needs.filter((each) => each.service === service).map(({ need }) => need)
      return { service, statements: statements(`Reads${capitalised(service)}`, own, where) }
    }),
    { service: 'detectors', statements: statements('Asks', asked, where) },
    { service: 'cloudtrail', statements: statements('AsksWhoChanged', TRAIL_NEEDS, where) },
    ...(organization.length > 0
      ? [{ service: 'organizations', statements: statements('AsksOrganizations', organization, where) }]
      : []),
  ])
}

/** What the changing role needs, by service; a statement says for which playbook it is. */
export function changePolicies(collection: Collection<AnyPlaybook>, where: Place): RolePolicy[] {
  const needs = collection.playbooks.flatMap((playbook) =>
    writePermissions(playbook).map((need) => ({
      need,
      playbook,
      service: serviceOf(need, playbook, collection),
    })),
  )
  const services = sorted(needs.map(({ service }) => service))
  return withinQuotas(
    'Change',
    services.map((service) => {
      const own = needs.filter((each) => each.service === service)
      const byPlaybook = Map.groupBy(own, ({ playbook }) => playbook.id)
      const all = [...byPlaybook].flatMap(([id, each]) =>
        statements(
          capitalised(id),
          each.map(({ need }) => need),
          where,
        ),
      )
      return { service, statements: all }
    }),
  )
}

/** That of the action; of what AWS asks on behalf of another service (`readsAlsoNeed`, `writesAlsoNeed`), the playbook's own. */
function serviceOf(
  { action }: Permission,
  { reads }: AnyPlaybook,
  { services }: Collection<AnyPlaybook>,
): string {
  const [own = ''] = action.split(':')
  const known = services.some(({ id, iamPrefix = id }) => iamPrefix === own)
  return known ? own : (reads[0]?.split(':')[0] ?? own)
}

/**
 * A policy holds the services from one of these names to the next: what a playbook adds is then a line or two in one
 * policy, where services that are joined by their size would move from policy to policy.
 */
const FROM = ['a', 'd', 'ec2', 'ecr', 'f', 'l', 'r', 's', 't']

/** What a policy cannot hold is split; more policies than a role takes are refused. */
export function withinQuotas(
  kind: 'Read' | 'Change',
  perService: { service: string; statements: PolicyStatement[] }[],
): RolePolicy[] {
  const ranges = Map.groupBy(perService, ({ service }) => FROM.findLast((from) => from <= service) ?? 'a')
  const policies = FROM.flatMap((from) => {
    const own = ranges.get(from) ?? []
    const all = unique(own.flatMap((each) => each.statements))
    const services = own.flatMap(({ service, statements: each }) => each.map(() => service))
    const serviceOfEach = new Map(all.map((one, index) => [one, services[index]!]))
    return split(all).map(
      (part, index, { length }): RolePolicy => ({
        id: `${kind}From${capitalised(from)}${length > 1 ? index + 1 : ''}`,
        services: sorted(part.map((one) => serviceOfEach.get(one)!)),
        statements: part,
      }),
    )
  })
  if (policies.length > MOST_POLICIES)
    throw new Error(
      `what the playbooks ${kind === 'Read' ? 'read' : 'change'} takes ${policies.length} managed policies, and a role has ${MOST_POLICIES}: it needs a second role`,
    )
  return policies
}

/** In as many parts as it takes: none for nothing. */
function split(all: PolicyStatement[]): PolicyStatement[][] {
  const parts: PolicyStatement[][] = all.length > 0 ? [[]] : []
  for (const statement of all) {
    if (charactersOf([statement]) > MOST_CHARACTERS)
      throw new Error(`one statement is longer than a managed policy (${statement.Sid})`)
    if (charactersOf([...parts.at(-1)!, statement]) > MOST_CHARACTERS) parts.push([])
    parts.at(-1)!.push(statement)
  }
  return parts
}

/** As IAM counts them, when everything is filled in. */
export function charactersOf(all: readonly PolicyStatement[]): number {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: all })
  return Object.entries(LONGEST).reduce((filled, [name, value]) => filled.replaceAll(name, value), text)
    .length
}

/** Sids are told apart. */
function unique(all: PolicyStatement[]): PolicyStatement[] {
  return all.map((statement, index) => {
    const before = all.slice(0, index).filter(({ Sid }) => Sid === statement.Sid).length
    return before === 0 ? statement : { ...statement, Sid: `${statement.Sid}And${before + 1}` }
  })
}
