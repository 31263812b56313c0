import { call, type Output } from '../playbook/api.ts'
import { busEvent, detector } from './detector.ts'

/** Its detector, then a page of ids, then what they say; `since` in ms since 1970, UTC. */
type At =
  | { since: number }
  | { since: number; detector: string; token: string | null }
  | { since: number; detector: string; ids: string[]; further: string | null }

type Detectors = Output<'guardduty', 'ListDetectors'>
type Ids = Output<'guardduty', 'ListFindings'>
type Answer = Output<'guardduty', 'GetFindings'>

/** https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetFindings.html */
const PAGE = 50
/**
 * What GuardDuty saw stays open for 90 days unless a person archives it, and is updated for as long as it goes on: older
 * than this it is history, and an attacker of last month is no longer there to be blocked.
 */
const OPEN_MS = 7 * 24 * 3600 * 1000

/** GuardDuty: findings of this account that nobody archived and that were seen within the last week, or since the time given. */
export const guardDutyFindings = detector<At>({
  id: 'guardduty',
  title: 'GuardDuty',
  needs: ['ListDetectors', 'ListFindings', 'GetFindings'].map((name) => ({
    action: `guardduty:${name}`,
    resource: '*',
  })),
  start: (now, { since = now - OPEN_MS } = {}) => ({ since }),
  call(at, { account }) {
    if (!('detector' in at)) return call('guardduty', 'ListDetectors', {})
    if ('ids' in at) return call('guardduty', 'GetFindings', { DetectorId: at.detector, FindingIds: at.ids })
    return call('guardduty', 'ListFindings', {
      DetectorId: at.detector,
      FindingCriteria: {
        Criterion: {
          'service.archived': { Equals: ['false'] },
          // An administrator also has what its members found.
          accountId: { Equals: [account] },
          updatedAt: { GreaterThanOrEqual: at.since },
        },
      },
      MaxResults: PAGE,
      ...(at.token !== null && { NextToken: at.token }),
    })
  },
  take(at, answer, place) {
    const { since } = at
    if (!('detector' in at)) {
      const [own] = (answer as Partial<Detectors>).DetectorIds ?? []
      if (own === undefined) return { events: [], off: 'GuardDuty has no detector here' }
      return { events: [], next: { since, detector: own, token: null } }
    }
    const { detector: own } = at
    if (!('ids' in at)) {
      const { FindingIds: ids = [], NextToken } = answer as Partial<Ids>
      // Its last page says "", and not nothing.
      const further = NextToken || null
      if (ids.length > 0) return { events: [], next: { since, detector: own, ids, further } }
      return { events: [], ...page(since, own, further) }
    }
    const { Findings = [] } = answer as Partial<Answer>
    const events = Findings.map((finding) => busEvent(place, 'aws.guardduty', 'GuardDuty Finding', finding))
    return { events, ...page(since, own, at.further) }
  },
  off: () => undefined,
})

function page(since: number, detector: string, token: string | null): { next?: At } {
  return token === null ? {} : { next: { since, detector, token } }
}
