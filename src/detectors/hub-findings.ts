import { call, type Output } from '../playbook/api.ts'
import { busEvent, detector } from './detector.ts'

/** Only what was updated within so many days, and of other products than these; absent: whenever, and as below. */
type At = { token: string | null; days?: number; without?: string[] }
type Answer = Output<'securityhub', 'GetFindings'>

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html */
const PAGE = 100
/** What those are called here that can be asked themselves: what they found would then come twice. */
const PRODUCTS: Readonly<Record<string, string>> = {
  config: 'Config',
  guardduty: 'GuardDuty',
  accessanalyzer: 'IAM Access Analyzer',
  inspector: 'Inspector',
}

const DAY_MS = 24 * 3600 * 1000

const equals = (...values: string[]) => values.map((Value) => ({ Value, Comparison: 'EQUALS' as const }))

/**
 * Security Hub: active records on which nobody has worked, of this account and region: an administrator also has what its
 * members found, and the aggregation region what others did.
 */
export const hubFindings = detector<At>({
  id: 'securityhub',
  title: 'Security Hub',
  needs: [
    {
      action: 'securityhub:GetFindings',
      resource: 'arn:{partition}:securityhub:{region}:{account}:hub/default',
    },
  ],
  start: (now, { since, asked } = {}) => ({
    token: null,
    // One more: it does not say whether its days are whole ones.
    ...(since !== undefined && { days: Math.ceil((now - since) / DAY_MS) + 1 }),
    ...(asked && { without: asked.flatMap((id) => PRODUCTS[id] ?? []) }),
  }),
  call: ({ token, days, without = Object.values(PRODUCTS) }, { account, region }) =>
    call('securityhub', 'GetFindings', {
      Filters: {
        AwsAccountId: equals(account),
        Region: equals(region),
        RecordState: equals('ACTIVE'),
        WorkflowStatus: equals('NEW', 'NOTIFIED'),
        ...(without.length > 0 && {
          ProductName: without.map((Value) => ({ Value, Comparison: 'NOT_EQUALS' as const })),
        }),
        ...(days !== undefined && { UpdatedAt: [{ DateRange: { Value: days, Unit: 'DAYS' as const } }] }),
      },
      MaxResults: PAGE,
      ...(token !== null && { NextToken: token }),
    }),
  take(at, answer, place) {
    const { Findings: findings = [], NextToken: token } = answer as Partial<Answer>
    const events =
      findings.length > 0
        ? [busEvent(place, 'aws.securityhub', 'Security Hub Findings - Imported', { findings })]
        : []
    return { events, ...(token && { next: { ...at, token } }) }
  },
  // "Account … is not subscribed to AWS Security Hub"
  off: ({ code, message }) => (code === 'InvalidAccessException' ? message : undefined),
})
