import { createHash } from 'node:crypto'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'

/** When the detectors saw it. */
export const TIME = '2026-11-20T09:14:27.361Z'

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html; the id is made from what it is about. */
export function envelope(source: string, detailType: string, about: string, detail: Record<string, unknown>) {
  return {
    version: '0',
    id: eventId(`${source}/${about}`),
    'detail-type': detailType,
    source,
    account: SANDBOX_ACCOUNT,
    time: '2026-11-20T09:14:28Z',
    region: SANDBOX_REGION,
    resources: [],
    detail,
  }
}

function eventId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}
