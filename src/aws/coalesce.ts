import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { canonicalJson } from '../playbook/json.ts'
import type { Joinable } from '../playbook/service/joinable.ts'
import { allItems, type Send, tokensOf } from './pages.ts'
import type { Place } from './port.ts'
import { entryOf, type Services } from './services.ts'

/** One caller's wish: `field` for all items of a list, without it one answer. */
interface Request {
  place: Place
  call: ApiCall
  field: string | undefined
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Requests that differ only in these ids, and may therefore be sent as one call. */
interface Asked {
  request: Request
  how: Joinable
  ids: string[]
}

/** Reads that differ only in ids: those that wait to be sent together, and how many calls are under way for others. */
interface Gathering {
  waiting: Asked[]
  underWay: number
}

/** With so many common calls of one kind under way, further reads gather until one of them is answered. */
const MOST_UNDER_WAY = 2

/**
 * Gathers the reads of one tick: those that differ only in ids go out as one paged call by filter, equal ones are
 * sent once, all others as they are. Runs that finish their changes one after the other ask in many ticks: while two
 * common calls are under way, what is asked meanwhile goes out as the third, and not as hundreds of its own.
 * Answers are shared between callers: they are to be read, not changed.
 *
 * An error of a common call goes to all its callers, but when AWS refuses the request itself (one id may be to
 * blame) each is sent on its own; a denial only where ids are authorised one by one.
 */
export function coalescing(
  send: Send,
  services: Services,
): (place: Place, call: ApiCall, field?: string) => Promise<unknown> {
  let waiting: Request[] = []

  const answer = ({ place, call, field }: Request): Promise<unknown> =>
    field === undefined ? send(place, call) : allItems(send, services, place, call, field)
  const common = commonCalls(send, services, answer)

  function flush(): void {
    const requests = waiting
    waiting = []
    const alone: { request: Request; key: string }[] = []
    for (const request of requests) {
      const { place, call, field } = request
      // Nobody stands above this tick: what a service's own functions make of an input goes to who asked.
      try {
        if (!common.gather(request)) alone.push({ request, key: canonicalJson([place, call, field ?? null]) })
      } catch (error) {
        request.reject(error)
      }
    }
    for (const alike of Map.groupBy(alone, ({ key }) => key).values()) {
      const equal = alike.map(({ request }) => request)
      const first = equal[0]!
      void settled(
        { ...first, resolve: toAll(equal, 'resolve'), reject: toAll(equal, 'reject') },
        answer(first),
      )
    }
    common.sendGathered()
  }

  return (place, call, field) =>
    new Promise((resolve, reject) => {
      waiting.push({ place, call, field, resolve, reject })
      // After all promises that are ready now have been followed, so that runs of one wave meet.
      if (waiting.length === 1) setImmediate(flush)
    })
}

/**
 * Common calls, a gathering per kind: `gather` lets a request wait with its like, `sendGathered` sends what may go.
 * @param answer answers one request by a call of its own
 */
function commonCalls(send: Send, services: Services, answer: (request: Request) => Promise<unknown>) {
  const gatherings = new Map<string, Gathering>()

  function sendWaiting(template: string): void {
    const gathering = gatherings.get(template)
    if (!gathering || gathering.underWay >= MOST_UNDER_WAY) return
    const { waiting, underWay } = gathering
    if (waiting.length + underWay === 0) gatherings.delete(template)
    gathering.waiting = []
    for (const batch of batches(waiting)) {
      gathering.underWay += 1
      void sendBatch(batch).finally(() => {
        gathering.underWay -= 1
        sendWaiting(template)
      })
    }
  }

  /** Whether the request waits with its like: equal but for the ids. */
  function gather(request: Request): boolean {
    const asked = askedIds(services, request)
    if (!asked) return false
    const { place, call } = request
    // Not canonical, for speed: inputs of another order go out apart and are answered all the same.
    const template = JSON.stringify([place, call.service, call.operation, asked.how.withIds(call.input, [])])
    const gathering = gatherings.get(template) ?? { waiting: [], underWay: 0 }
    gatherings.set(template, gathering)
    gathering.waiting.push({ request, ...asked })
    return true
  }

  async function sendBatch(batch: Asked[]): Promise<void> {
    const { request, how } = batch[0]!
    if (batch.length === 1) return settled(request, answer(request))
    const ids = [...new Set(batch.flatMap((asked) => asked.ids))].sort()
    try {
      const common: ApiCall = { ...request.call, input: how.withIds(request.call.input, ids) }
      const items = await allItems(send, services, request.place, common, how.items)
      const answers = byId(items, how)
      for (const asked of batch) {
        const own = shareOf(answers, asked)
        asked.request.resolve(asked.request.field === undefined ? { [how.items]: own } : own)
      }
    } catch (error) {
      for (const asked of batch) {
        if (mayBeOfOneId(error, how)) void settled(asked.request, answer(asked.request))
        else asked.request.reject(error)
      }
    }
  }

  function sendGathered(): void {
    for (const template of gatherings.keys()) sendWaiting(template)
  }

  return { gather, sendGathered }
}

function mayBeOfOneId(error: unknown, { authorisedById }: Joinable): boolean {
  if (!(error instanceof AwsError)) return false
  return (
    error.kind === 'final' || error.kind === 'gone' || (error.kind === 'denied' && authorisedById === true)
  )
}

function settled(request: Request, answer: Promise<unknown>): Promise<void> {
  return answer.then(request.resolve, request.reject)
}

function toAll(requests: Request[], how: 'resolve' | 'reject'): (value: unknown) => void {
  return (value) => {
    for (const request of requests) request[how](Array.isArray(value) ? [...value] : value)
  }
}

function askedIds(
  services: Services,
  { call, field }: Request,
): { how: Joinable; ids: string[] } | undefined {
  const { joinable, pages } = services.of(call)
  const how = entryOf(joinable, call.operation)
  if (!how || (field !== undefined && field !== how.items)) return undefined
  const size = entryOf(pages, call.operation)?.field ?? 'MaxResults'
  if (size in call.input || tokensOf(services, call).some(({ request }) => request in call.input))
    return undefined
  const ids = how.ids(call.input)
  // Wildcards match more than their own id; what is too long already is for AWS to judge.
  if (!ids || ids.length > how.most || ids.some((id) => /[*?]/.test(id))) return undefined
  return { how, ids }
}

/** Splits into calls of at most `most` ids, without tearing a caller's ids apart. */
function batches(alike: Asked[]): Asked[][] {
  const split: Asked[][] = []
  let ids = new Set<string>()
  for (const asked of alike) {
    const added = asked.ids.filter((id) => !ids.has(id)).length
    if (split.length === 0 || ids.size + added > asked.how.most) {
      split.push([])
      ids = new Set()
    }
    split.at(-1)!.push(asked)
    for (const id of asked.ids) ids.add(id)
  }
  return split
}

type Item = Record<string, unknown>

function byId(items: unknown[], how: Joinable): Map<string, Item[]> {
  const found = new Map<string, Item[]>()
  for (const item of items as Item[]) {
    for (const id of how.idsOf(item)) {
      const others = found.get(id)
      if (others) others.push(item)
      else found.set(id, [item])
    }
  }
  return found
}

function shareOf(answers: Map<string, Item[]>, { how, ids }: Asked): Item[] {
  const own = [...new Set(ids.flatMap((id) => answers.get(id) ?? []))]
  if (!how.part) return own
  const wanted = new Set(ids)
  return own.map((item) => how.part!(item, wanted))
}
