import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { PageToken } from '../playbook/service/service.ts'
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
/** What the fields are called by which answers go on; `LastEvaluatedTableName` is DynamoDB's. */
export const GOES_ON =
  /^[Nn]ext.*(Token|Marker)$|^([Mm]arker|PaginationToken|ContinuationToken|LastEvaluated.*)$/
/** What says that there is more, and not how to ask for it. Route 53 lists records so, and goes on by three fields. */
const IS_CUT_SHORT = /^(is)?truncated$/i

/** How an operation may say that there is more, and is asked for it: the first that an answer has is followed. */
export function tokensOf(services: Services, call: ApiCall): PageToken[] {
  const { pages, pageToken } = services.of(call)
  return [entryOf(pages, call.operation)?.token ?? pageToken ?? NEXT_TOKEN, NEXT_TOKEN].map((token) =>
    typeof token === 'string' ? { answer: token, request: token } : token,
  )
}

/**
 * All items of a list field of the answer, from all pages. An operation of which no page size is known is paged as well.
 * @throws AwsError for an answer that goes on in a way that the service's definition does not say: half a list is no list
 */
export async function allItems(
  send: Send,
  services: Services,
  place: Place,
  call: ApiCall,
  field: string,
): Promise<unknown[]> {
  const tokens = tokensOf(services, call)
  const items: unknown[] = []
  let input = largestPage(services, call)
  const seen = new Set<unknown>()
  for (;;) {
    const answer = await send(place, { ...call, input })
    const page = answer[field]
    if (Array.isArray(page)) items.push(...page)
    // One operation of a service may page otherwise than the others.
    const token = tokens.find(({ answer: name }) => answer[name])
    refuseUnsaid(services, { ...call, input }, answer, token)
    if (!token) return items
    const next = answer[token.answer]
    if (seen.has(next)) throw final(services, call, 'RepeatedPage', 'gave the same page twice')
    seen.add(next)
    input = { ...input, [token.request]: next }
  }
}

/** Throws for a field by which the answer goes on, and which nobody follows; what only repeats the request is none. */
function refuseUnsaid(
  services: Services,
  call: ApiCall,
  answer: Record<string, unknown>,
  followed: PageToken | undefined,
): void {
  const unsaid = Object.keys(answer).find(
    (name) =>
      (GOES_ON.test(name) &&
        name !== followed?.answer &&
        answer[name] &&
        answer[name] !== call.input[name]) ||
      (IS_CUT_SHORT.test(name) && !followed && answer[name] === true),
  )
  if (unsaid === undefined) return
  const { id } = services.of(call)
  const what = `goes on by ${unsaid}, which is not followed: define \`pageToken\` in the service ${id}, or \`token\` in its \`pages\` of ${call.operation}`
  throw final(services, call, 'UnknownPageToken', what)
}

function final(services: Services, call: ApiCall, code: string, what: string): AwsError {
  const action = services.iamAction(call)
  return new AwsError({ kind: 'final', code, action }, `${action} ${what}`)
}

function largestPage(services: Services, call: ApiCall): Record<string, unknown> {
  const page = entryOf(services.of(call).pages, call.operation)
  if (!page || page.field in call.input || (page.without && call.input[page.without])) return call.input
  return { ...call.input, [page.field]: page.size }
}
