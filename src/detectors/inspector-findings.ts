import { call, type Output } from '../playbook/api.ts'
import { busEvent, detector } from './detector.ts'

/** `since`: only what was updated then or later, ms since 1970, UTC; absent: whatever is active. */
type At = { token: string | null; since?: number }
type Answer = Output<'inspector2', 'ListFindings'>

/** https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListFindings.html */
const PAGE = 100

/** Inspector: active findings of this account; an administrator also has what its members found. */
export const inspectorFindings = detector<At>({
  id: 'inspector',
  title: 'Inspector',
  needs: [{ action: 'inspector2:ListFindings', resource: '*' }],
  start: (_, { since } = {}) => ({ token: null, ...(since !== undefined && { since }) }),
  call: ({ token, since }, { account }) =>
    call('inspector2', 'ListFindings', {
      filterCriteria: {
        findingStatus: [{ comparison: 'EQUALS', value: 'ACTIVE' }],
        awsAccountId: [{ comparison: 'EQUALS', value: account }],
        ...(since !== undefined && { updatedAt: [{ startInclusive: new Date(since) }] }),
      },
      maxResults: PAGE,
      ...(token !== null && { nextToken: token }),
    }),
  take(at, answer, place) {
    const { findings = [], nextToken: token } = answer as Partial<Answer>
    const events = findings.map((finding) => busEvent(place, 'aws.inspector2', 'Inspector2 Finding', finding))
    return { events, ...(token && { next: { ...at, token } }) }
  },
  /** Where it is not enabled it refuses as well, but in other words than IAM, which names what is not authorized. */
  off: ({ kind, message }) =>
    kind === 'denied' && !message.includes('not authorized to perform') ? message : undefined,
})
