import type { Fields, Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, onlyIf, type Planted, type Wire } from '../setting-table.ts'

/** A trail of the account that the simulated world has. */
export const TRAIL = 'arn:aws:cloudtrail:eu-west-1:123456789012:trail/main'
export const OTHER = {
  Name: 'audit',
  TrailARN: TRAIL.replace('main', 'audit'),
  HomeRegion: 'eu-west-1',
  IsMultiRegionTrail: true,
}

/** What a run says of a trail of an organisation, which it never changes, with the command for a person. */
export const untouchable = (command: string) =>
  ({
    outcome: 'blocked',
    reason: `never: ${TRAIL} is the trail of the organization, which fills its log archive; by hand: aws cloudtrail ${command} --name ${TRAIL} --region eu-west-1`,
  }) as const

/** What a new trail records. */
const EVERYTHING = { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] }
/** A selector of one kind of management events, in the other form. */
export const only = (readOnly: 'true' | 'false') => ({
  AdvancedEventSelectors: [
    {
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Management'] },
        { Field: 'readOnly', Equals: [readOnly] },
      ],
    },
  ],
})

/** AWS's answers about the trail; what is asked of another is refused. */
export function trailsOfAws(
  trail: LiveResource,
  { shown, took }: { shown: () => Fields; took: (input: Fields) => Fields },
): Record<string, Handlers> {
  const there = (action: string, { Name }: Fields) => {
    if (!trail.isThere || Name !== TRAIL) throw absent(action, 'TrailNotFoundException')
  }
  const ofOrganization = trail.more.ofOrganization === true && { IsOrganizationTrail: true }
  const others = trail.more.others === undefined ? [] : [OTHER]
  const logging = (action: string, IsLogging: boolean) => (input: Fields) => {
    there(action, input)
    trail.values = { IsLogging }
    return {}
  }
  return {
    cloudtrail: {
      DescribeTrails: () => ({
        trailList: [
          ...onlyIf(trail, {
            Name: 'main',
            TrailARN: TRAIL,
            HomeRegion: 'eu-west-1',
            S3BucketName: 'logs',
            ...ofOrganization,
            ...shown(),
          }),
          ...others,
        ],
      }),
      GetTrailStatus: (input) => {
        there('cloudtrail:GetTrailStatus', input)
        return { ...trail.values, ...trail.more }
      },
      GetEventSelectors: ({ TrailName: Name }) => {
        there('cloudtrail:GetEventSelectors', { Name })
        return (trail.more.selectors ?? EVERYTHING) as Fields
      },
      ListTags: ({ ResourceIdList }) => ({
        ResourceTagList: [{ ResourceId: (ResourceIdList as string[])[0], TagsList: trail.tags }],
      }),
      StartLogging: logging('cloudtrail:StartLogging', true),
      StopLogging: logging('cloudtrail:StopLogging', false),
      UpdateTrail: (input) => {
        there('cloudtrail:UpdateTrail', input)
        trail.values = took(input)
        return {}
      },
    },
  }
}

/** A new trail on the emulator. */
export async function plantTrail(
  { send }: Wire,
  Name: string,
  live: (trail: Fields, status: Fields) => unknown,
  should: unknown,
): Promise<Planted> {
  const bucket = `rectify-wire-${Name}`
  await send('s3', 'CreateBucket', { Bucket: bucket })
  const { TrailARN: id } = await send('cloudtrail', 'CreateTrail', { Name, S3BucketName: bucket })
  return {
    id: id!,
    async live() {
      const { trailList } = await send('cloudtrail', 'DescribeTrails', {})
      const status = await send('cloudtrail', 'GetTrailStatus', { Name })
      const own = trailList!.find(({ TrailARN }) => TrailARN === id)!
      return live({ ...own }, { ...status })
    },
    should,
  }
}
