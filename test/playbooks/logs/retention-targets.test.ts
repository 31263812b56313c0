import { expect, test } from '@jest/globals'
import { setRetention } from '../../../playbooks/logs/set-retention.ts'
import { fakeReader } from '../../support/reader.ts'
import { sampleFinding } from '../../support/sample-finding.ts'

const HERE = { account: '123456789012', region: 'eu-west-1' }
const group = (name: string, region = HERE.region) =>
  `arn:aws:logs:${region}:${HERE.account}:log-group:${name}`

/** Where the trails of the account write, as CloudTrail writes it. */
const trails = (...arns: (string | undefined)[]) =>
  fakeReader({
    'cloudtrail:DescribeTrails': () => ({
      trailList: arns.map((arn) => ({ CloudWatchLogsLogGroupArn: arn && `${arn}:*` })),
    }),
  })
const about = (type: string, id: string) =>
  sampleFinding({
    source: 'config',
    type: 'CW_LOGGROUP_RETENTION_PERIOD_CHECK',
    ...HERE,
    resources: [{ type, id }],
  })

test('a finding about the account is about the groups to which its trails write here, and no others', async () => {
  const aws = trails(group('trail'), undefined, group('trail'), group('far', 'us-east-1'))
  const finding = about('AWS::::Account', HERE.account)
  expect(await setRetention.targets(finding, { days: 365 }, aws, { addresses: [] })).toEqual([
    { resource: group('trail'), id: 'trail', key: group('trail') },
  ])
})

test('where no trail writes to a group it says so', async () => {
  const finding = about('AWS::::Account', HERE.account)
  expect(
    await setRetention.targets(finding, { days: 365 }, trails(undefined), { addresses: [] }),
  ).toMatchObject({
    kind: 'notApplicable',
    reason: expect.stringContaining('names no log group'),
  })
})

test('a group that is named is meant, and nobody is asked', async () => {
  const aws = trails(group('trail'))
  const finding = about('AWS::Logs::LogGroup', '/aws/lambda/orders')
  expect(await setRetention.targets(finding, { days: 365 }, aws, { addresses: [] })).toMatchObject([
    { id: '/aws/lambda/orders' },
  ])
  expect(aws.calls).toEqual([])
})
