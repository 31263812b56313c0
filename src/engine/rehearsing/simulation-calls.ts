/**
 * How many questions become few calls: each call is about one principal, and asks some actions about some resources, each
 * about each. So what is asked about the same actions goes together. Pure.
 */

/** Whether a principal may do this to that. */
export interface Question {
  /** IAM action. */
  action: string
  /** ARN, or `*`. */
  resource: string
  /** What the request would say of itself, by condition key. */
  context: ContextValues
  /** Asks what would be if the principal had no permissions boundary. */
  unbounded?: true
}

/** Condition keys and their values, as text. */
export type ContextValues = Readonly<Record<string, string>>

/** Questions that one call of SimulatePrincipalPolicy answers. */
export interface SimulationCall extends Pick<Question, 'context' | 'unbounded'> {
  actions: string[]
  resources: string[]
}

/** Answers in one call: as many as IAM gives on a page unless it is asked for more (API reference, `MaxItems`). */
export const MOST_ANSWERS = 100

/** The fewest calls that ask these questions, and hardly any other. */
export function simulationCalls(questions: readonly Question[]): SimulationCall[] {
  const alike = Map.groupBy(questions, circumstancesOf)
  return [...alike.values()].flatMap((all) => {
    const { context = {}, unbounded } = all[0] ?? {}
    const actionsOf = new Map<string, Set<string>>()
    for (const { action, resource } of all)
      actionsOf.set(resource, (actionsOf.get(resource) ?? new Set()).add(action))
    const byActions = Map.groupBy(actionsOf, ([, actions]) => [...actions].sort().join(' '))
    return [...byActions].flatMap(([actions, entries]) => {
      const resources = entries.map(([resource]) => resource)
      const pages = ofActions(actions.split(' '), resources)
      return pages.map((page) => ({ ...page, context, ...(unbounded && { unbounded }) }))
    })
  })
}

/** Whether a call asks this question. */
export function asks(call: SimulationCall, question: Question): boolean {
  return (
    call.actions.includes(question.action) &&
    call.resources.includes(question.resource) &&
    circumstancesOf(call) === circumstancesOf(question)
  )
}

/** A question as text: equal ones have the same. */
export function keyOf(question: Question): string {
  return [question.action, question.resource, circumstancesOf(question)].join(' ')
}

/** `*` stands alone: with it IAM answers in another form. */
function ofActions(actions: string[], resources: string[]): Pick<SimulationCall, 'actions' | 'resources'>[] {
  const named = resources.filter((resource) => resource !== '*')
  return chunks(actions, MOST_ANSWERS).flatMap((some) => [
    ...chunks(named, Math.max(1, Math.floor(MOST_ANSWERS / some.length))).map((about) => ({
      actions: some,
      resources: about,
    })),
    ...(named.length < resources.length ? [{ actions: some, resources: ['*'] }] : []),
  ])
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  )
}

const circumstancesOf = ({ context, unbounded }: Pick<Question, 'context' | 'unbounded'>): string =>
  JSON.stringify([unbounded === true, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))])
