import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { ofOrganization, TRAIL, trailsOf, trailTags } from './trails.ts'
import { eventsBesides, RULES_OF_TRAILS, shortOf, wholeTrail } from './whole-check.ts'

/** Lets a trail record in every region of the account, those that are enabled later too. */
export const coverAllRegions = defineSetting({
  id: 'cloudtrail-cover-all-regions',
  title: 'Let a trail cover all regions',
  about: {
    risk: 'What is done in a region without a trail is seen by nobody: intruders start machines where nobody looks.',
    breaks:
      'Nothing stops working. A second trail that records the same events costs money for each of them, so where the account has others a person is asked first.',
  },
  implements: ['cloudtrail-all-regions'],
  ...TRAIL,
  tagsOf: 'the trail',
  answers: [
    config('MULTI_REGION_CLOUD_TRAIL_ENABLED'),
    securityHub('CloudTrail.1'),
    prowler('cloudtrail_multi_region_enabled', 'cloudtrail_multi_region_enabled_logging_management_events'),
    cloudTrail('cloudtrail:UpdateTrail'),
  ],
  ruleParameters: RULES_OF_TRAILS,
  suggestedMode: 'auto',
  targets: trailsOf(
    'is of one region only',
    ({ IsMultiRegionTrail }) => IsMultiRegionTrail === false,
    eventsBesides,
  ),
  look: wholeTrail,
  untouchable: ({ trail }) =>
    ofOrganization('update-trail --is-multi-region-trail --include-global-service-events')(trail),
  tags: trailTags,
  // A trail of all regions must record global services: CloudTrail refuses one without the other.
  values: ({
    trail: {
      own: { IsMultiRegionTrail, IncludeGlobalServiceEvents },
    },
  }) =>
    IsMultiRegionTrail === undefined || IncludeGlobalServiceEvents === undefined
      ? null
      : { IsMultiRegionTrail, IncludeGlobalServiceEvents },
  should: { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true },
  set: (_id, values, { resource: Name }) => call('cloudtrail', 'UpdateTrail', { Name, ...values }),
  property: 'IsMultiRegionTrail',
  effect: 'events of every region are recorded, in its bucket and under its key',
  unproven: (seen, { findings }) => shortOf(seen, findings, 'regions'),
  warnings: () => ['its event selectors stay: which events it records is not part of this'],
  cautions: ({ trail: { others } }) => {
    const names = others.map(
      ({ Name, IsMultiRegionTrail }) => `${Name}${IsMultiRegionTrail ? ' (all regions)' : ''}`,
    )
    return names.length > 0
      ? [`other trails record too: ${names.join(', ')}; one that covers all regions is enough`]
      : []
  },
})
