import { call, type Output } from '../playbook/api.ts'
import type { ArnPlace } from '../playbook/resource/fill-arn.ts'
import { busEvent, detector } from './detector.ts'

/** A page of the list of rules, or a page of what does not comply with the first of these. */
type At = { list: string | null } | { rules: string[]; token: string | null; further: string | null }

type Rules = Output<'config', 'DescribeComplianceByConfigRule'>
type Details = Output<'config', 'GetComplianceDetailsByConfigRule'>
type Result = NonNullable<Details['EvaluationResults']>[number]

/** https://docs.aws.amazon.com/config/latest/APIReference/API_GetComplianceDetailsByConfigRule.html */
const PAGE = 100
const NON_COMPLIANT = 'NON_COMPLIANT'

/** AWS Config: the rules with something that does not comply, and of each what it is. */
export const configResults = detector<At>({
  id: 'config',
  title: 'AWS Config',
  needs: [
    { action: 'config:DescribeComplianceByConfigRule', resource: '*' },
    {
      action: 'config:GetComplianceDetailsByConfigRule',
      resource: 'arn:{partition}:config:{region}:{account}:config-rule/*',
    },
  ],
  start: () => ({ list: null }),
  call(at) {
    if ('list' in at) {
      return call('config', 'DescribeComplianceByConfigRule', {
        ComplianceTypes: [NON_COMPLIANT],
        ...(at.list !== null && { NextToken: at.list }),
      })
    }
    return call('config', 'GetComplianceDetailsByConfigRule', {
      ConfigRuleName: at.rules[0],
      ComplianceTypes: [NON_COMPLIANT],
      Limit: PAGE,
      ...(at.token !== null && { NextToken: at.token }),
    })
  },
  take(at, answer, place) {
    if ('list' in at) {
      const { ComplianceByConfigRules = [], NextToken = null } = answer as Partial<Rules>
      const rules = ComplianceByConfigRules.flatMap(({ ConfigRuleName }) => ConfigRuleName ?? [])
      return { events: [], ...onward(rules, NextToken) }
    }
    const { EvaluationResults = [], NextToken } = answer as Partial<Details>
    const events = EvaluationResults.filter(isOfWhatIsThere).map((result) => complianceChange(result, place))
    return { events, ...(NextToken ? { next: { ...at, token: NextToken } } : behind(at)) }
  },
  behind,
  // Without a recorder and rules it answers with an empty list.
  off: () => undefined,
})

/** The rule that was asked about is done with, or is there no more. */
function behind(at: At): { next?: At } {
  return 'list' in at ? {} : onward(at.rules.slice(1), at.further)
}

function onward(rules: string[], further: string | null): { next?: At } {
  if (rules.length > 0) return { next: { rules, token: null, further } }
  return further === null ? {} : { next: { list: further } }
}

/** A proactive evaluation is about what a template would create. */
function isOfWhatIsThere({ EvaluationResultIdentifier }: Result): boolean {
  return EvaluationResultIdentifier?.EvaluationResultQualifier?.EvaluationMode !== 'PROACTIVE'
}

/** As the event of the change said it, by the time at which it was recorded last. */
function complianceChange(result: Result, place: ArnPlace): object {
  const { ConfigRuleName, ResourceType, ResourceId } =
    result.EvaluationResultIdentifier?.EvaluationResultQualifier ?? {}
  return busEvent(place, 'aws.config', 'Config Rules Compliance Change', {
    messageType: 'ComplianceChangeNotification',
    awsAccountId: place.account,
    awsRegion: place.region,
    configRuleName: ConfigRuleName,
    resourceType: ResourceType,
    resourceId: ResourceId,
    newEvaluationResult: {
      complianceType: result.ComplianceType,
      resultRecordedTime: result.ResultRecordedTime,
      configRuleInvokedTime: result.ConfigRuleInvokedTime,
      annotation: result.Annotation,
    },
  })
}
