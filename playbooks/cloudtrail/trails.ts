import type { Trail } from '@aws-sdk/client-cloudtrail'
import type { Finding } from '../../src/findings/finding.ts'
import {
  isNotApplicable,
  type NotApplicable,
  notApplicable,
  type Reader,
  type Target,
  targetOf,
} from '../../src/playbook/playbook.ts'
import { nameIds, partsOf } from '../../src/playbook/resource/resource-form.ts'
import { listed, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { cloudtrail } from '../services.ts'

/** How trails are named: the ARN says the home region, in which alone they can be changed. */
export const TRAIL = {
  resource: 'AWS::CloudTrail::Trail',
  ids: nameIds(/[\w.-]/, 128, ['management-events']),
  arn: 'arn:{partition}:cloudtrail:{region}:{account}:trail/{id}',
}

/** A trail, and the others that its account sees in that region. */
export interface SeenTrail {
  own: Trail
  others: Trail[]
}

/** Without names: one answer tells of all, and is the same for all runs of an account. */
export const trail = listed(
  cloudtrail,
  'DescribeTrails',
  'trailList',
  () => ({}),
  (trails, _id, { resource }): SeenTrail | undefined => {
    const own = trails.find(({ TrailARN }) => TrailARN === resource)
    return own && { own, others: trails.filter((each) => each !== own) }
  },
)

export const trailTags = read(
  cloudtrail,
  'ListTags',
  (_id, { resource }) => ({ ResourceIdList: [resource] }),
  ({ ResourceTagList }) => tagsIn(ResourceTagList?.[0]?.TagsList),
)

/**
 * The trails that a finding means: those that it names, else all of the account's own that are wrong. A trail that is
 * listed by another region is taken where it is at home; one of another account is the organisation's.
 * @param wrong how one is wrong, to end `no trail of the account …`
 * @param isWrong by the trail itself, read where it is at home
 * @param besides what else the finding may mean where no trail is wrong so, as the rest of that sentence
 */
export function trailsOf(
  wrong: string,
  isWrong: (own: Trail, home: Reader) => Promise<boolean> | boolean,
  besides: (finding: Finding) => string = () => '',
): (finding: Finding, parameters: unknown, aws: Reader) => Promise<Target[] | NotApplicable> {
  return async (finding, _parameters, aws) => {
    const all = async () => aws.list('cloudtrail', 'DescribeTrails', {}, 'trailList')
    const named = finding.resources
      .filter(({ type }) => type === TRAIL.resource)
      .map(({ id, arn = id }) => arn)
    if (named.length > 0) {
      const isTold = named.every((words) => words.startsWith('arn:'))
      const known = isTold ? [] : await all()
      return ownOf(named.map((words) => placed(known.find(isNamed(words))?.TrailARN ?? words, finding)))
    }
    const seen = await all()
    if (seen.length === 0) return notApplicable(NO_TRAIL)
    const own = ownOf(seen.map(({ TrailARN = '' }) => placed(TrailARN, finding)))
    if (isNotApplicable(own)) return own
    const checked = await Promise.all(
      own.map(async (target) => {
        const found = seen.find(({ TrailARN }) => TrailARN === target.resource)!
        return { target, isWrong: await isWrong(found, aws.at(target.region ?? finding.region)) }
      }),
    )
    const targets = checked.filter(({ isWrong }) => isWrong).map(({ target }) => target)
    const names = own.map(({ id }) => id).join(', ')
    return targets.length > 0
      ? targets
      : notApplicable(`no trail of the account (${names}) ${wrong}${besides(finding)}`)
  }
}

const NO_TRAIL =
  'the account has no trail here, and which bucket one should write to a person must say: aws cloudtrail create-trail --name NAME --s3-bucket-name BUCKET --is-multi-region-trail, then aws cloudtrail start-logging --name NAME'

const isNamed =
  (words: string) =>
  ({ TrailARN, Name }: Trail): boolean =>
    TrailARN === words || Name === words

interface Placed {
  target: Target
  account: string
  isOwn: boolean
}

/** Where a trail is at home. A bare name that nothing lists can only be meant where the finding is. */
function placed(words: string, finding: Finding): Placed {
  const { partition } = finding
  const { account, region } = words.startsWith('arn:') ? partsOf(words) : finding
  const target = targetOf(TRAIL, words, { partition, account, region })
  const isHere = region === finding.region || target.notUnderstood !== undefined
  return { target: isHere ? target : { ...target, region }, account, isOwn: account === finding.account }
}

/** An organisation's trail is listed in each of its accounts, and belongs to one. */
function ownOf(places: readonly Placed[]): Target[] | NotApplicable {
  const own = places.filter(({ isOwn }) => isOwn).map(({ target }) => target)
  const [foreign] = places
  return own.length > 0 || foreign === undefined
    ? own
    : notApplicable(
        `trail ${foreign.target.id} is the organisation's: only account ${foreign.account}, which owns it, may change it`,
      )
}

/**
 * What a trail of an organisation is, of which a look is in the account that owns it: on the list of what no run changes,
 * whatever the change would be. What a person types instead stands beside it.
 * @param command of `aws cloudtrail`, to be followed by the trail
 */
export const ofOrganization =
  (command: string) =>
  ({ own: { IsOrganizationTrail, TrailARN, HomeRegion } }: SeenTrail): string | undefined =>
    IsOrganizationTrail
      ? `the trail of the organization, which fills its log archive; by hand: aws cloudtrail ${command} --name ${TrailARN} --region ${HomeRegion}`
      : undefined
