import type { Rule, Statement } from '@aws-sdk/client-wafv2'

export const SET = 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v4/s1'
export const set = { id: 's1', name: 'rectify-block-v4', scope: 'REGIONAL', arn: SET } as const
export const reference: Statement = { IPSetReferenceStatement: { ARN: SET } }

/** A rule that blocks by this statement. */
export const rule = (statement: Statement, more: Partial<Rule> = {}): Rule => ({
  Name: 'block-list',
  Priority: 5,
  Statement: statement,
  Action: { Block: {} },
  VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'm' },
  ...more,
})
