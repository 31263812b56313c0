import { expect, test } from '@jest/globals'
import { startLogging } from '../../../playbooks/cloudtrail/start-logging.ts'
import { validateFiles } from '../../../playbooks/cloudtrail/validate-files.ts'
import type { FindingResource } from '../../../src/findings/finding.ts'
import { fakeReader } from '../../support/reader.ts'
import { sampleFinding } from '../../support/sample-finding.ts'

const arn = (name: string, region = 'eu-west-1', account = '123456789012') =>
  `arn:aws:cloudtrail:${region}:${account}:trail/${name}`
const ORGANISATION = arn('org', 'us-east-1', '999988887777')
const NEVER = { addresses: [] }

/** An account with a trail here that logs, one of another region that does not, and its organisation's. */
function account(trails = [arn('main'), arn('old', 'us-east-1'), ORGANISATION]) {
  return fakeReader({
    'cloudtrail:DescribeTrails': () => ({
      trailList: trails.map((TrailARN) => ({
        TrailARN,
        Name: TrailARN.split('/')[1],
        LogFileValidationEnabled: TrailARN === arn('main'),
      })),
    }),
    'cloudtrail:GetTrailStatus': ({ Name }: { Name: string }) => ({ IsLogging: Name === arn('main') }),
  })
}

function about(...resources: FindingResource[]) {
  return sampleFinding({
    source: 'config',
    type: 'CLOUD_TRAIL_ENABLED',
    account: '123456789012',
    region: 'eu-west-1',
    resources,
  })
}
const THE_ACCOUNT = { type: 'AWS::::Account', id: '123456789012' }
const trail = (id: string) => ({ type: 'AWS::CloudTrail::Trail', id })

test('a finding about the account leads to its trails that are wrong, each in its home region', async () => {
  const aws = account()
  expect(await startLogging.targets(about(THE_ACCOUNT), {}, aws, NEVER)).toMatchObject([
    { resource: arn('old', 'us-east-1'), id: 'old', region: 'us-east-1' },
  ])
  const asked = aws.calls.filter(({ action }) => action === 'cloudtrail:GetTrailStatus')
  expect(asked.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1'])
  expect(await validateFiles.targets(about(THE_ACCOUNT), {}, account(), NEVER)).toMatchObject([{ id: 'old' }])
})

test.each([
  [[arn('main')], 'no trail of the account (main) is stopped'],
  [[], 'aws cloudtrail create-trail'],
  [[ORGANISATION], `trail org is the organisation's: only account 999988887777`],
])('with the trails %j there is none to start, and it is said why', async (trails, reason) => {
  expect(await startLogging.targets(about(THE_ACCOUNT), {}, account(trails), NEVER)).toMatchObject({
    kind: 'notApplicable',
    reason: expect.stringContaining(reason),
  })
})

test('a trail that is named by its ARN is meant, wherever it is at home and whether it logs or not, unasked', async () => {
  const aws = account()
  expect(await startLogging.targets(about(trail(arn('main'))), {}, aws, NEVER)).toEqual([
    { resource: arn('main'), id: 'main', key: arn('main') },
  ])
  expect(await startLogging.targets(about(trail(arn('old', 'us-east-1'))), {}, aws, NEVER)).toMatchObject([
    { id: 'old', region: 'us-east-1' },
  ])
  expect(aws.calls).toEqual([])
})

test('a bare name is looked up, because it may be that of a trail of another region', async () => {
  const named = (name: string) => startLogging.targets(about(trail(name)), {}, account(), NEVER)
  expect(await named('old')).toMatchObject([{ resource: arn('old', 'us-east-1'), region: 'us-east-1' }])
  expect(await named('gone')).toMatchObject([{ resource: arn('gone') }])
  expect(await named('org')).toMatchObject({ kind: 'notApplicable' })
  expect(await named('no trail')).toMatchObject([{ notUnderstood: expect.any(String) }])
})

test("the organisation's trail is left to the account that owns it, however it is named", async () => {
  expect(await startLogging.targets(about(trail(ORGANISATION)), {}, account(), NEVER)).toMatchObject({
    kind: 'notApplicable',
    reason: expect.stringContaining('999988887777'),
  })
})
