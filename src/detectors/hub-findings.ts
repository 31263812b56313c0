import { call, type Output } from '../playbook/api.ts'
import { busEvent, detector } from './detector.ts'

type At = { token: string | null }
type Answer = Output<'securityhub', 'GetFindings'>

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html */
const PAGE = 100
/** Those that are asked themselves: what they found would come twice. */
const ASKED_THEMSELVES = ['Config', 'GuardDuty', 'IAM Access Analyzer', 'Inspector']

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
  start: () => ({ token: null }),
  call: ({ token }, { account, region }) =>
    call('securityhub', 'GetFindings', {
      Filters: {
        AwsAccountId: equals(account),
        Region: equals(region),
        RecordState: equals('ACTIVE'),
        WorkflowStatus: equals('NEW', 'NOTIFIED'),
        ProductName: ASKED_THEMSELVES.map((Value) => ({ Value, Comparison: 'NOT_EQUALS' as const })),
      },
      MaxResults: PAGE,
      ...(token !== null && { NextToken: token }),
    }),
  take(_, answer, place) {
    const { Findings: findings = [], NextToken: token } = answer as Partial<Answer>
    const events =
      findings.length > 0
        ? [busEvent(place, 'aws.securityhub', 'Security Hub Findings - Imported', { findings })]
        : []
    return { events, ...(token && { next: { token } }) }
  },
  // "Account … is not subscribed to AWS Security Hub"
  off: ({ code, message }) => (code === 'InvalidAccessException' ? message : undefined),
})
