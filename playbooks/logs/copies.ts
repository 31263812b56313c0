import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making } from '../../src/playbook/service/copies.ts'

const groupMaking = (logGroupName: string | undefined): Making =>
  making(call('logs', 'CreateLogGroup', { logGroupName }), { makes: `log group ${logGroupName}` })

/** `/aws/web` of `arn:aws:logs:eu-west-1:123456789012:log-group:/aws/web` */
const nameIn = (arn = '') => arn.split(':')[6]

/** Log groups without their logs. */
export const logGroupCopies = defineCopies('logs', {
  DescribeLogGroups: ({ answer }) =>
    (answer?.logGroups ?? []).flatMap(({ logGroupName, retentionInDays }) => [
      groupMaking(logGroupName),
      ...(retentionInDays === undefined
        ? []
        : [making(call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays }))]),
    ]),
  ListTagsForResource: ({ input: { resourceArn }, answer }) => [
    groupMaking(nameIn(resourceArn)),
    ...(Object.keys(answer?.tags ?? {}).length === 0
      ? []
      : [making(call('logs', 'TagResource', { resourceArn, tags: answer!.tags }))]),
  ],
})
