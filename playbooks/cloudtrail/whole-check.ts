import type {
  AdvancedEventSelector,
  EventSelector,
  GetEventSelectorsResponse,
} from '@aws-sdk/client-cloudtrail'
import type { Finding } from '../../src/findings/finding.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { type Looking, read } from '../../src/playbook/setting/looks.ts'
import { cloudtrail } from '../services.ts'
import { type SeenTrail, trail } from './trails.ts'

/** What checks look at beside the one setting that a playbook sets. */
interface Ask {
  everyRegion?: true
  /** Everywhere, or at least where the finding was made. */
  itsRegion?: true
  /** Management events: of which kind, and whether none may be left out. */
  management?: { kind: Kind; whole: boolean }
}
type Kind = 'All' | 'ReadOnly' | 'WriteOnly' | 'any'

const READ_AND_WRITE = { kind: 'All', whole: false } as const

/**
 * By type of finding. AWS Config takes no trail that leaves out sources of management events, and asks for kinds of events
 * only where the parameters say so (developer guide, multi-region-cloudtrail-enabled); Security Hub's control asks for
 * read and write events (user guide, CloudTrail.1); Prowler reports each region, and is content with a trail that is at
 * home there.
 */
const ASKS: Readonly<Record<string, (finding: Finding) => Ask>> = {
  MULTI_REGION_CLOUD_TRAIL_ENABLED: ({ evidence }) => ({
    everyRegion: true,
    management: { kind: kindBy(evidence.ruleParameters), whole: true },
  }),
  'CloudTrail.1': () => ({ everyRegion: true, management: { kind: 'All', whole: true } }),
  cloudtrail_multi_region_enabled: () => ({ itsRegion: true }),
  cloudtrail_multi_region_enabled_logging_management_events: () => ({
    itsRegion: true,
    management: READ_AND_WRITE,
  }),
}

/** Rules of AWS Config whose parameters name where a trail has to write. */
export const RULES_OF_TRAILS = ['CLOUD_TRAIL_ENABLED', 'MULTI_REGION_CLOUD_TRAIL_ENABLED']

/** What a rule wants to be recorded: where nobody knows its parameters, all that it could want. */
function kindBy(parameters: Record<string, string> | undefined): Kind {
  if (parameters === undefined) return 'All'
  const said = parameters.readWriteType?.trim().toLowerCase()
  const kind = (['All', 'ReadOnly', 'WriteOnly'] as const).find((each) => each.toLowerCase() === said)
  return kind ?? 'any'
}

/** Of the management events that a trail records: which, and what is left out of them. */
export interface Recorded {
  reads: boolean
  writes: boolean
  /** How some of them are left out, in words. */
  leftOut: string[]
}

/** What a trail is beside the setting: absent where no finding asks for it, a reason where it could not be read. */
export interface SeenWhole {
  trail: SeenTrail
  isLogging?: boolean | { unread: string }
  recorded?: Recorded | { unread: string }
}

const selectors = read(
  cloudtrail,
  'GetEventSelectors',
  (_id, { resource }) => ({ TrailName: resource }),
  recordedBy,
)
const logging = read(
  cloudtrail,
  'GetTrailStatus',
  (_id, { resource }) => ({ Name: resource }),
  ({ IsLogging = false }) => ({ IsLogging }),
)

/** The trail, and what the checks of the findings ask of it besides: read each time, as it may have changed. */
export const wholeTrail: Looking<SeenWhole> = {
  calls: [...trail.calls, ...logging.calls, ...selectors.calls],
  async at(aws, target, asked) {
    const asks = (asked?.findings ?? []).flatMap(askOf)
    const [seen, status, recorded] = await Promise.all([
      trail.at(aws, target, asked),
      asks.length > 0 ? unlessDenied(logging.at(aws, target, asked)) : null,
      asks.some(({ management }) => management) ? unlessDenied(selectors.at(aws, target, asked)) : null,
    ])
    if (seen === undefined || status === undefined || recorded === undefined) return undefined
    return {
      trail: seen,
      ...(status !== null && { isLogging: 'unread' in status ? status : status.IsLogging }),
      ...(recorded !== null && { recorded }),
    }
  },
}

/** Whoever may not read cannot prove, which is no reason to leave a trail stopped. */
async function unlessDenied<T>(reading: Promise<T>): Promise<T | { unread: string }> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof AwsError && error.kind === 'denied') return { unread: error.message }
    throw error
  }
}

const askOf = (finding: Finding): Ask[] => {
  const asks = Object.hasOwn(ASKS, finding.type) ? ASKS[finding.type] : undefined
  return asks === undefined ? [] : [asks(finding)]
}

/** What no playbook sets, where a finding that names no trail may mean it. */
export const eventsBesides = (finding: Finding): string =>
  askOf(finding).some(({ management }) => management)
    ? `; ${finding.type} looks at management events, too: aws cloudtrail get-event-selectors --trail-name NAME says which of them a trail records`
    : ''

/**
 * Why the check of a finding may fail although the playbook has done its part; undefined: it holds, as far as it is known.
 * @param part what the playbook sets itself, and sees to by its own values
 */
export function shortOf(
  seen: SeenWhole,
  findings: readonly Finding[],
  part: 'logging' | 'regions',
): string | undefined {
  const told = findings.flatMap((finding) => {
    const lacks = [
      ...askOf(finding).flatMap((ask) => lacking(seen, ask, finding, part)),
      ...elsewhere(seen.trail, finding),
    ]
    return lacks.length > 0 ? [`${finding.type} asks for more: ${lacks.join('; ')}`] : []
  })
  return told.length > 0 ? [...new Set(told)].join('. ') : undefined
}

function lacking(
  { trail: { own }, isLogging, recorded }: SeenWhole,
  { everyRegion, itsRegion, management }: Ask,
  { region }: Finding,
  part: 'logging' | 'regions',
): string[] {
  const isEverywhere = own.IsMultiRegionTrail === true
  const isThere = isEverywhere || own.HomeRegion === region
  const covers = part === 'regions' || (everyRegion ? isEverywhere : !itsRegion || isThere)
  return [
    ...(covers ? [] : [`the trail is of ${own.HomeRegion ?? 'one region'} only`]),
    ...(part === 'logging' ? [] : whyNotLogging(isLogging)),
    ...(management ? whyNotRecorded(recorded, management) : []),
  ]
}

function whyNotLogging(isLogging: SeenWhole['isLogging']): string[] {
  if (typeof isLogging === 'object') return [`whether the trail logs could not be read (${isLogging.unread})`]
  return isLogging ? [] : ['the trail is stopped']
}

function whyNotRecorded(
  recorded: SeenWhole['recorded'],
  { kind, whole }: NonNullable<Ask['management']>,
): string[] {
  if (recorded === undefined) return ['which events the trail records was not read']
  if ('unread' in recorded) return [`which events the trail records could not be read (${recorded.unread})`]
  const { reads, writes, leftOut } = recorded
  const lacks = [
    ...(reads || kind === 'WriteOnly' || (kind === 'any' && writes) ? [] : ['that read']),
    ...(writes || kind === 'ReadOnly' || (kind === 'any' && reads) ? [] : ['that write']),
  ]
  return [
    ...(lacks.length > 0 ? [`the trail records no management events ${lacks.join(' or ')}`] : []),
    ...(whole && leftOut.length > 0 ? [`its management events leave out ${leftOut.join(', ')}`] : []),
  ]
}

/** Where a rule of AWS Config wants the trail to write, and it does not. */
function elsewhere({ own }: SeenTrail, { type, evidence: { ruleParameters = {} } }: Finding): string[] {
  if (!RULES_OF_TRAILS.includes(type)) return []
  const places = [
    ['bucket', ruleParameters.s3BucketName, own.S3BucketName],
    ['topic', ruleParameters.snsTopicArn, own.SnsTopicARN],
    ['log group', ruleParameters.cloudWatchLogsLogGroupArn, own.CloudWatchLogsLogGroupArn],
  ] as const
  return places.flatMap(([place, wanted, live]) =>
    wanted && wanted !== live ? [`its ${place} is ${live ?? 'none'}, not ${wanted}`] : [],
  )
}

/** By both forms of selectors: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html */
function recordedBy({
  EventSelectors: basic = [],
  AdvancedEventSelectors: advanced = [],
}: GetEventSelectorsResponse): Recorded {
  const parts = [...basic.map(ofBasic), ...advanced.map(ofAdvanced)]
  return {
    reads: parts.some(({ reads }) => reads),
    writes: parts.some(({ writes }) => writes),
    leftOut: [...new Set(parts.flatMap(({ leftOut }) => leftOut))].sort(),
  }
}

const NONE: Recorded = { reads: false, writes: false, leftOut: [] }

/** What is left out of the API: `ReadWriteType` is `All`, management events are included (API_EventSelector). */
function ofBasic({
  ReadWriteType: kind = 'All',
  IncludeManagementEvents: included = true,
  ExcludeManagementEventSources: leftOut = [],
}: EventSelector): Recorded {
  if (!included) return NONE
  return { reads: kind !== 'WriteOnly', writes: kind !== 'ReadOnly', leftOut }
}

/** All conditions of a selector hold at once: what it says beside category and kind, it leaves out (API_AdvancedFieldSelector). */
function ofAdvanced({ FieldSelectors: fields = [] }: AdvancedEventSelector): Recorded {
  const of = (name: string) => fields.filter(({ Field }) => Field === name)
  if (!of('eventCategory').some(({ Equals = [] }) => Equals.includes('Management'))) return NONE
  const kinds = of('readOnly').map(({ Equals = [] }) => Equals)
  const records = (value: string) => kinds.every((each) => each.includes(value))
  return {
    reads: records('true'),
    writes: records('false'),
    leftOut: fields
      .filter(({ Field }) => Field !== 'eventCategory' && Field !== 'readOnly')
      .map(({ Field, ...conditions }) => `by ${Field} (${JSON.stringify(conditions)})`),
  }
}
