import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { canonicalJson } from '../playbook/json.ts'
import { COALESCABLE, type Coalescable } from './coalescable.ts'
import { allItems, type Send } from './pages.ts'
import type { Place } from './port.ts'

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
  how: Coalescable
  ids: string[]
}

/**
 * Gathers the reads of one tick: those that differ only in ids go out as one paged call by filter, equal ones are
 * sent once, all others as they are. Answers are shared between callers: they are to be read, not changed.
 *
 * An error of a common call goes to all its callers, but when AWS refuses the request itself (one id may be to
 * blame) each is sent on its own.
 */
export function coalescing(send: Send): (place: Place, call: ApiCall, field?: string) => Promise<unknown> {
  let waiting: Request[] = []
  const templates = new Map<string, Asked[]>()

  const answer = ({ place, call, field }: Request): Promise<unknown> =>
    field === undefined ? send(place, call) : allItems(send, place, call, field)

  function flush(): void {
    const requests = waiting
    waiting = []
    for (const equal of groupBy(requests, ({ place, call, field }) =>
      canonicalJson([place, call, field ?? null]),
    )) {
      const first = equal[0]!
      const asked = askedIds(first)
      const settle: Request = { ...first, resolve: toAll(equal, 'resolve'), reject: toAll(equal, 'reject') }
      if (asked) byTemplate(settle, asked)
      else settleWith(settle, answer(settle))
    }
    for (const alike of templates.values()) {
      for (const batch of batches(alike)) void sendBatch(batch)
    }
    templates.clear()
  }

  function byTemplate(request: Request, asked: { how: Coalescable; ids: string[] }): void {
    const { place, call } = request
    const template = canonicalJson([place, call.service, call.operation, asked.how.withIds(call.input, [])])
    const alike = templates.get(template) ?? []
    templates.set(template, alike)
    alike.push({ request, ...asked })
  }

  async function sendBatch(batch: Asked[]): Promise<void> {
    const { request, how } = batch[0]!
    if (batch.length === 1) return settleWith(request, answer(request))
    const ids = [...new Set(batch.flatMap((asked) => asked.ids))].sort()
    const common: ApiCall = { ...request.call, input: how.withIds(request.call.input, ids) }
    try {
      const items = await allItems(send, request.place, common, how.items)
      for (const asked of batch) {
        const own = shareOf(items, asked)
        asked.request.resolve(asked.request.field === undefined ? { [how.items]: own } : own)
      }
    } catch (error) {
      const refused = error instanceof AwsError && (error.kind === 'final' || error.kind === 'gone')
      for (const asked of batch) {
        if (refused) settleWith(asked.request, answer(asked.request))
        else asked.request.reject(error)
      }
    }
  }

  return (place, call, field) =>
    new Promise((resolve, reject) => {
      waiting.push({ place, call, field, resolve, reject })
      // After all promises that are ready now have been followed, so that runs of one wave meet.
      if (waiting.length === 1) setImmediate(flush)
    })
}

function settleWith(request: Request, answer: Promise<unknown>): void {
  answer.then(request.resolve, request.reject)
}

function toAll(requests: Request[], how: 'resolve' | 'reject'): (value: unknown) => void {
  return (value) => {
    for (const request of requests) request[how](Array.isArray(value) ? [...value] : value)
  }
}

function askedIds({ call, field }: Request): { how: Coalescable; ids: string[] } | undefined {
  const how = COALESCABLE[`${call.service}:${call.operation}`]
  if (!how || (field !== undefined && field !== how.items)) return undefined
  if ('NextToken' in call.input || 'MaxResults' in call.input) return undefined
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
    const together = new Set([...ids, ...asked.ids])
    const fits = split.length > 0 && together.size <= asked.how.most
    if (fits) split.at(-1)!.push(asked)
    else split.push([asked])
    ids = fits ? together : new Set(asked.ids)
  }
  return split
}

function shareOf(items: unknown[], { how, ids }: Asked): unknown[] {
  const wanted = new Set(ids)
  return items.flatMap((item) => how.share(item as Record<string, unknown>, wanted))
}

function groupBy<T>(items: T[], key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()]
}
