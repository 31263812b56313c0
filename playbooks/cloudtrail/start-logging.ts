import { call } from '../../src/playbook/api.ts'
import {
  cloudTrail,
  config,
  guardDuty,
  prowler,
  securityHub,
  trustedAdvisor,
} from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, read } from '../../src/playbook/setting/looks.ts'
import { cloudtrail } from '../services.ts'
import { ofOrganization, TRAIL, trailsOf, trailTags } from './trails.ts'
import { eventsBesides, RULES_OF_TRAILS, shortOf, wholeTrail } from './whole-check.ts'

const status = read(
  cloudtrail,
  'GetTrailStatus',
  (_id, { resource }) => ({ Name: resource }),
  (answer) => answer,
)

/** Lets a trail that was stopped record again. */
export const startLogging = defineSetting({
  id: 'cloudtrail-start-logging',
  title: 'Start a trail that was stopped',
  about: {
    risk: 'A trail that does not log leaves no trace of who does what in the account: stopping it is what an intruder does first. Whatever happens until it logs again is missing for good.',
    breaks:
      'Nothing stops working. Whoever stopped the trail to save money pays for it again, and a trail that never logged may be unfinished: there a person is asked first.',
  },
  implements: ['cloudtrail-on'],
  ...TRAIL,
  tagsOf: 'the trail',
  answers: [
    config('CLOUD_TRAIL_ENABLED', 'MULTI_REGION_CLOUD_TRAIL_ENABLED'),
    guardDuty('Stealth:IAMUser/CloudTrailLoggingDisabled'),
    securityHub('CloudTrail.1', 'CloudTrail.3'),
    // AWS CloudTrail logging.
    trustedAdvisor('vjafUGJ9H0'),
    prowler('cloudtrail_multi_region_enabled', 'cloudtrail_multi_region_enabled_logging_management_events'),
    cloudTrail('cloudtrail:StopLogging'),
  ],
  ruleParameters: RULES_OF_TRAILS,
  suggestedMode: 'auto',
  targets: trailsOf(
    'is stopped',
    async ({ TrailARN: Name }, home) => {
      const { IsLogging } = await home.read('cloudtrail', 'GetTrailStatus', { Name })
      return IsLogging === false
    },
    eventsBesides,
  ),
  look: allOf({ whole: wholeTrail, status }),
  untouchable: ({ whole: { trail } }) => ofOrganization('start-logging')(trail),
  tags: trailTags,
  values: ({ status: { IsLogging } }) => (IsLogging === undefined ? null : { IsLogging }),
  should: { IsLogging: true },
  set: (_id, { IsLogging }, { resource: Name }) =>
    call('cloudtrail', IsLogging ? 'StartLogging' : 'StopLogging', { Name }),
  changes: ['cloudtrail:StartLogging', 'cloudtrail:StopLogging'].map((action) => ({
    action,
    resource: TRAIL.arn,
  })),
  // Logging is not delivering: a bucket that refuses is what Trusted Advisor reports of a trail that logs.
  pending: ({ status: { IsLogging, LatestDeliveryError: error } }) =>
    IsLogging && error
      ? `it logs, but its last delivery failed (${error}): its bucket must let CloudTrail write`
      : undefined,
  unproven: ({ whole }, { findings }) => shortOf(whole, findings, 'logging'),
  property: 'IsLogging',
  effect: 'its events are recorded, delivered and paid for again',
  warnings: ({ status: { LatestDeliveryError: error } }) =>
    error
      ? [`its last delivery failed (${error}): see that the policy of its bucket lets CloudTrail write`]
      : [],
  cautions: ({ status: { StartLoggingTime } }) =>
    StartLoggingTime === undefined ? ['the trail has never logged: it may be unfinished'] : [],
})
