/** What the principals of a rehearsal lack, over all of its runs, and what to put where. Pure. */
import {
  type DenyingLayer,
  type GrantingStatement,
  isGranting,
  type MissingPermission,
} from '../../run/rehearsed/missing-permission.ts'
import type { Run } from '../../run/run.ts'
import { Counts } from '../counts.ts'

/** What one principal lacks in one place: its own policies, its boundary, those of the organization, of its session. */
export interface MissingOfPrincipal {
  /** ARN of the role or user. */
  principal: string
  where: DenyingLayer
  /** Each action on each resource once, in order. */
  permissions: LackingPermission[]
  /** Ids of the runs that any of it stops, in their order: all those whose permissions are listed. */
  runs: string[]
  /** How many it stops in all. Those beyond `runs` lack listed actions, maybe on resources that are not listed. */
  stopped: number
  /** To be pasted there: grants all that statements can grant; null where none can. */
  policy: MergedPolicy | null
}

/** One permission, and whom it stops. */
export interface LackingPermission {
  action: string
  resource: string
  /** Ids of runs. */
  runs: string[]
  /** Why no statement grants it, and what does; absent where `policy` grants it. */
  none?: string
}

/** What is said of those that are not listed; undefined: there are none. */
export function unlistedSentence({
  stopped,
  runs,
}: Pick<MissingOfPrincipal, 'stopped' | 'runs'>): string | undefined {
  const more = stopped - runs.length
  if (more === 0) return undefined
  return `${more} more runs lack some of these actions, and maybe on resources that are not listed here: rehearse again with these granted`
}

/** A policy document as AWS takes it. */
export interface MergedPolicy {
  Version: '2012-10-17'
  Statement: { Effect: 'Allow'; Action: string[]; Resource: string | string[] }[]
}

/** Of each action so many runs at least are listed with their resources: more is nothing that anybody pastes. */
const MOST_OF_ACTION = 1_000

type SaidByRun = Pick<Run, 'id' | 'results'>

/** The same run by run, of any number: what each principal lacks is told, and counted, and not each resource of it. */
export class MissingTally {
  readonly #listed: SaidByRun[] = []
  readonly #stopped = new Counts()
  readonly #ofAction = new Counts()

  add({ id, results }: SaidByRun): void {
    const missing = results.flatMap((result) => result.missing ?? [])
    for (const place of new Set(missing.map(placeOf))) this.#stopped.add(place)
    const actions = new Set(missing.map((each) => `${placeOf(each)} ${each.action}`))
    const isListed = [...actions].map((action) => this.#ofAction.add(action) <= MOST_OF_ACTION)
    if (isListed.includes(true)) this.#listed.push({ id, results })
  }

  list(): MissingOfPrincipal[] {
    return missingPermissions(this.#listed).map((each) => ({
      ...each,
      stopped: this.#stopped.of(placeOf(each)),
    }))
  }
}

const placeOf = ({ where, principal }: Pick<MissingPermission, 'where' | 'principal'>) =>
  `${where} ${principal}`

/** Per principal and layer, in the order in which the runs say it. */
export function missingPermissions(runs: readonly SaidByRun[]): MissingOfPrincipal[] {
  const said = runs.flatMap(({ id, results }) =>
    results.flatMap(({ missing = [] }) => missing.map((each) => ({ ...each, run: id }))),
  )
  const groups = Map.groupBy(said, placeOf)
  return [...groups.values()].map((group) => {
    const { principal, where } = group[0]!
    const ids = [...new Set(group.map(({ run }) => run))]
    return {
      principal,
      where,
      permissions: permissionsIn(group),
      runs: ids,
      stopped: ids.length,
      policy: mergedPolicy(group.map(({ statement }) => statement).filter(isGranting)),
    }
  })
}

function permissionsIn(group: readonly (MissingPermission & { run: string })[]): LackingPermission[] {
  const alike = Map.groupBy(group, ({ action, resource }) => `${action} ${resource}`)
  return [...alike]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, [first, ...others]]) => {
      const { action, resource, statement, run } = first!
      const runs = [...new Set([run, ...others.map((each) => each.run)])]
      return { action, resource, runs, ...(!isGranting(statement) && { none: statement.none }) }
    })
}

/**
 * One document that grants what all of these do, and nothing else: actions on the same resource in one statement, then
 * resources with the same actions. Null for none.
 */
export function mergedPolicy(statements: readonly GrantingStatement[]): MergedPolicy | null {
  if (statements.length === 0) return null
  const actionsOn = new Map<string, Set<string>>()
  for (const { Action, Resource } of statements)
    actionsOn.set(Resource, (actionsOn.get(Resource) ?? new Set()).add(Action))
  // What is granted on all resources need not be said of one.
  const everywhere = actionsOn.get('*') ?? new Set()
  const left = [...actionsOn].flatMap(([resource, actions]) => {
    const own = resource === '*' ? [...actions] : [...actions].filter((action) => !everywhere.has(action))
    return own.length > 0 ? [{ resource, actions: own.sort() }] : []
  })
  const alike = Map.groupBy(left, ({ actions }) => actions.join(' '))
  const Statement = [...alike.values()].map((entries) => {
    const resources = entries.map(({ resource }) => resource).sort()
    return {
      Effect: 'Allow' as const,
      Action: entries[0]!.actions,
      Resource: resources.length === 1 ? resources[0]! : resources,
    }
  })
  Statement.sort((a, b) => (a.Action.join() < b.Action.join() ? -1 : 1))
  return { Version: '2012-10-17', Statement }
}
