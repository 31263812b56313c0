import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { Place } from './port.ts'
import { entryOf, type Services } from './services.ts'

/** Sends one call and gives its answer; what the real adapter and the tests' model have in common. */
export type Send = (
  place: Place,
  call: ApiCall,
  options?: { attempts?: number },
) => Promise<Record<string, unknown>>

/** How most services page. */
const NEXT_TOKEN = 'NextToken'

/** All items of a list field of the answer, from all pages. An operation of which no page size is known is paged as well. */
export async function allItems(
  send: Send,
  services: Services,
  place: Place,
  call: ApiCall,
  field: string,
): Promise<unknown[]> {
  const { pageToken = NEXT_TOKEN } = services.of(call)
  const items: unknown[] = []
  let input = largestPage(services, call)
  const seen = new Set<unknown>()
  for (;;) {
    const answer = await send(place, { ...call, input })
    const page = answer[field]
    if (Array.isArray(page)) items.push(...page)
    // One operation of a service may page otherwise than the others.
    const token = [pageToken, NEXT_TOKEN].find((name) => answer[name])
    if (!token) return items
    const next = answer[token]
    if (seen.has(next)) {
      const action = services.iamAction(call)
      throw new AwsError(
        { kind: 'final', code: 'RepeatedPage', action },
        `${action} gave the same page twice`,
      )
    }
    seen.add(next)
    input = { ...input, [token]: next }
  }
}

function largestPage(services: Services, call: ApiCall): Record<string, unknown> {
  const page = entryOf(services.of(call).pages, call.operation)
  if (!page || page.field in call.input || (page.without && call.input[page.without])) return call.input
  return { ...call.input, [page.field]: page.size }
}
