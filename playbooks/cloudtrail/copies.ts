import { call } from '../../src/playbook/api.ts'
import { defineCopies, making, picked } from '../../src/playbook/service/copies.ts'
import { bucketMaking } from '../s3/copies.ts'

/** Trails, and the buckets that they write to. */
export const trailCopies = defineCopies('cloudtrail', {
  DescribeTrails: ({ answer, region }) =>
    (answer?.trailList ?? []).map((trail) => {
      const { Name, TrailARN = '', S3BucketName = '', HomeRegion = region, LogFileValidationEnabled } = trail
      return making(
        call('cloudtrail', 'CreateTrail', {
          Name,
          S3BucketName,
          ...picked(trail, 'S3KeyPrefix', 'IncludeGlobalServiceEvents', 'IsMultiRegionTrail'),
          ...(LogFileValidationEnabled !== undefined && {
            EnableLogFileValidation: LogFileValidationEnabled,
          }),
        }),
        { makes: TrailARN, region: HomeRegion, needs: [bucketMaking(S3BucketName, HomeRegion)] },
      )
    }),
  GetTrailStatus: ({ input: { Name = '' }, answer }) =>
    answer?.IsLogging ? [making(call('cloudtrail', 'StartLogging', { Name }), regionOf(Name))] : [],
  GetEventSelectors: ({ input: { TrailName = '' }, answer }) => {
    const { EventSelectors = [], AdvancedEventSelectors = [] } = answer ?? {}
    const selectors = AdvancedEventSelectors.length > 0 ? { AdvancedEventSelectors } : { EventSelectors }
    if (Object.values(selectors).flat().length === 0) return []
    return [making(call('cloudtrail', 'PutEventSelectors', { TrailName, ...selectors }), regionOf(TrailName))]
  },
  ListTags: ({ answer }) =>
    (answer?.ResourceTagList ?? []).flatMap(({ ResourceId = '', TagsList = [] }) =>
      TagsList.length === 0
        ? []
        : [making(call('cloudtrail', 'AddTags', { ResourceId, TagsList }), regionOf(ResourceId))],
    ),
})

/** A trail is changed in the region of its ARN. */
function regionOf(trail: string): { region?: string } {
  const region = trail.split(':')[3]
  return region === undefined ? {} : { region }
}
