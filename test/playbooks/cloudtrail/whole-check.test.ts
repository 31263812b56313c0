import { describe, expect, test } from '@jest/globals'
import { coverAllRegions } from '../../../playbooks/cloudtrail/cover-all-regions.ts'
import { startLogging } from '../../../playbooks/cloudtrail/start-logging.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { type Answers, denied, fakeReader } from '../../support/reader.ts'
import { sampleFinding } from '../../support/sample-finding.ts'

const TRAIL = 'arn:aws:cloudtrail:eu-west-1:123456789012:trail/main'
const target = { resource: TRAIL, id: 'main', key: TRAIL }

/** A trail that is as it should be, but for what a test says. */
const whole = {
  'cloudtrail:DescribeTrails': () => ({
    trailList: [
      {
        TrailARN: TRAIL,
        Name: 'main',
        HomeRegion: 'eu-west-1',
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
      },
    ],
  }),
  'cloudtrail:GetTrailStatus': () => ({ IsLogging: true }),
  'cloudtrail:GetEventSelectors': () => ({ EventSelectors: [{}] }),
}

/** What is said of the trail: why the check may fail, or that nothing is left to do. */
async function doubtOf(playbook: typeof startLogging | typeof coverAllRegions, of: Finding, aws: Answers) {
  const reader = fakeReader({ ...whole, 'cloudtrail:ListTags': () => ({}), ...aws })
  const seen = await playbook.inspect(target, {}, reader, { first: false, findings: [of] })
  if ('kind' in seen) throw new TypeError('gone')
  const planned = playbook.plan(seen.state as never, [of], {}, target, { addresses: [] })
  return { planned, reader }
}

const of = (source: Finding['source'], type: string, ruleParameters?: Record<string, string>) =>
  sampleFinding({ source, type, region: 'eu-west-1', evidence: ruleParameters ? { ruleParameters } : {} })
const CONTROL = of('securityhub', 'CloudTrail.1')
const CHECK = of('prowler', 'cloudtrail_multi_region_enabled_logging_management_events')
const rule = (parameters?: Record<string, string>) =>
  of('config', 'MULTI_REGION_CLOUD_TRAIL_ENABLED', parameters)

const management = (...more: object[]) => ({
  AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...more] }],
})
const readOnly = (value: string) => ({ Field: 'readOnly', Equals: [value] })
const noKms = { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }
const classic = (...selectors: object[]) => ({ EventSelectors: selectors })

describe('what a trail records is part of what the check asks', () => {
  test.each([
    ['the default of CloudTrail', CONTROL, classic({}), undefined],
    ['all, in the newer form', CONTROL, management(), undefined],
    [
      'reads and writes by two selectors',
      CONTROL,
      {
        AdvancedEventSelectors: ['true', 'false'].flatMap(
          (kind) => management(readOnly(kind)).AdvancedEventSelectors,
        ),
      },
      undefined,
    ],
    ['no selector at all', CONTROL, {}, 'no management events that read or that write'],
    ['data events alone', CONTROL, classic({ IncludeManagementEvents: false }), 'no management events'],
    [
      'data events alone, in the newer form',
      CONTROL,
      {
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }],
      },
      'no management events that read or that write',
    ],
    ['writes alone', CONTROL, classic({ ReadWriteType: 'WriteOnly' }), 'no management events that read'],
    ['reads alone', CHECK, classic({ ReadWriteType: 'ReadOnly' }), 'no management events that write'],
    ['writes alone, in the newer form', CHECK, management(readOnly('false')), 'events that read'],
    ['all but those of KMS', CONTROL, management(noKms), 'leave out by eventSource'],
    ['all but those of KMS', CHECK, management(noKms), undefined],
    [
      'all but those of KMS, in the older form',
      rule({}),
      classic({
        ExcludeManagementEventSources: ['kms.amazonaws.com'],
      }),
      'leave out kms.amazonaws.com',
    ],
    ['writes alone, where the rule does not care', rule({}), management(readOnly('false')), undefined],
    [
      'writes alone, where it wants just those',
      rule({ readWriteType: 'WriteOnly' }),
      management(readOnly('false')),
      undefined,
    ],
    [
      'writes alone, where it wants all',
      rule({ readWriteType: 'ALL' }),
      management(readOnly('false')),
      'that read',
    ],
    ['writes alone, where nobody knows what it wants', rule(), management(readOnly('false')), 'that read'],
    ['none, where it does not care which', rule({}), {}, 'no management events'],
  ])('%s, for %#', async (_, finding, selectors, doubt) => {
    for (const playbook of [startLogging, coverAllRegions]) {
      const { planned } = await doubtOf(playbook, finding, {
        'cloudtrail:GetEventSelectors': () => selectors,
      })
      expect(planned).toMatchObject({ kind: 'compliant' })
      if (doubt === undefined) expect(planned).not.toHaveProperty('unproven')
      else expect(planned).toMatchObject({ unproven: expect.stringContaining(doubt) })
    }
  })
})

test('what may not be read is a doubt, and no reason to leave a trail stopped', async () => {
  const refused = {
    'cloudtrail:GetEventSelectors': () => {
      throw denied('cloudtrail:GetEventSelectors')
    },
  }
  const { planned } = await doubtOf(startLogging, CONTROL, {
    ...refused,
    'cloudtrail:GetTrailStatus': () => ({ IsLogging: false }),
  })
  expect(planned).toMatchObject({
    kind: 'steps',
    unproven: expect.stringMatching(/could not be read .*cloudtrail:GetEventSelectors/),
  })
  const { planned: stopped } = await doubtOf(coverAllRegions, CONTROL, {
    'cloudtrail:GetTrailStatus': () => {
      throw denied('cloudtrail:GetTrailStatus')
    },
  })
  expect(stopped).toMatchObject({ unproven: expect.stringContaining('whether the trail logs could not') })
})

test('a trail that is stopped covers nothing, wherever it is', async () => {
  const { planned } = await doubtOf(coverAllRegions, of('prowler', 'cloudtrail_multi_region_enabled'), {
    'cloudtrail:GetTrailStatus': () => ({ IsLogging: false }),
  })
  expect(planned).toMatchObject({
    unproven: 'cloudtrail_multi_region_enabled asks for more: the trail is stopped',
  })
})

test('nothing more is read for a finding that asks for nothing more', async () => {
  const { planned, reader } = await doubtOf(coverAllRegions, of('cloudtrail', 'cloudtrail:UpdateTrail'), {})
  expect(planned).not.toHaveProperty('unproven')
  expect(reader.calls.map(({ action }) => action)).toEqual(['cloudtrail:DescribeTrails'])
})

test('Prowler is content with a trail of its region, and with none of another', async () => {
  const ofOneRegion = {
    'cloudtrail:DescribeTrails': () => ({
      trailList: [{ TrailARN: TRAIL, Name: 'main', HomeRegion: 'eu-west-1', IsMultiRegionTrail: false }],
    }),
  }
  const { planned } = await doubtOf(startLogging, CHECK, ofOneRegion)
  expect(planned).not.toHaveProperty('unproven')
  const { planned: other } = await doubtOf(startLogging, { ...CHECK, region: 'us-east-1' }, ofOneRegion)
  expect(other).toMatchObject({ unproven: expect.stringContaining('is of eu-west-1 only') })
})
