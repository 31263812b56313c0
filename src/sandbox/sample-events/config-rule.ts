import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { envelope, TIME } from './envelope.ts'

/** https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html */
export function configRule(
  rule: string,
  resourceType: string,
  resourceId: string,
  compliance = 'NON_COMPLIANT',
) {
  const result = (complianceType: string, at: string) => ({
    evaluationResultIdentifier: {
      evaluationResultQualifier: { configRuleName: rule, resourceType, resourceId },
      orderingTimestamp: '2026-11-20T09:14:11.000Z',
    },
    complianceType,
    resultRecordedTime: at,
    configRuleInvokedTime: at,
  })
  const before = compliance === 'COMPLIANT' ? 'NON_COMPLIANT' : 'COMPLIANT'
  const resource = `${resourceType}/${resourceId}/${rule}/${compliance}`
  return envelope('aws.config', 'Config Rules Compliance Change', resource, {
    resourceId,
    awsRegion: SANDBOX_REGION,
    awsAccountId: SANDBOX_ACCOUNT,
    configRuleName: rule,
    recordVersion: '1.0',
    configRuleARN: `arn:aws:config:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:config-rule/config-rule-a1b2c3`,
    messageType: 'ComplianceChangeNotification',
    newEvaluationResult: result(compliance, TIME),
    oldEvaluationResult: result(before, '2026-11-19T17:02:03.118Z'),
    notificationCreationTime: TIME,
    resourceType,
  })
}
