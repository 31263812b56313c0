import type { Inspection, LiveTags, Tags } from '../../playbook/inspection.ts'
import type { Impact } from '../../playbook/plan.ts'
import { fillArn } from '../../playbook/resource/fill-arn.ts'
import type { Step } from '../../playbook/step.ts'
import type { Ruling } from '../../policy/rules.ts'
import { roleOf } from '../../run/identity.ts'
import type { Drive } from '../drive/drive.ts'
import { isUnreadable } from '../tags/live-tags.ts'
import { type OwnParts, ownPart, type Touched } from './own-parts.ts'

const NOTHING: OwnParts = { stacks: [], identities: [], arns: [] }

/** What a run is about to do, and what it saw. */
interface Intended {
  steps: readonly Step[]
  impact: Pick<Impact, 'affected'>
  seen: Pick<Inspection<unknown>, 'tags' | 'untouchable'>
}

/** As Control Tower names the buckets of the log archive account. */
const LOG_ARCHIVE = /^arn:[^:]+:s3:::aws-controltower-(?:logs|s3-access-logs)-/

/**
 * The policy's word on a plan; `blocked`, whatever the policy says, where it would change what the engine works by, what
 * its caller came through, or the log archive.
 */
export async function sparingOwn(drive: Drive, intended: Intended, ruling: Ruling): Promise<Ruling> {
  const reason = await whySpared(drive, intended)
  if (reason === undefined) return ruling
  // Not by the rule: whatever that says.
  const { by: _, ...rest } = ruling
  return { ...rest, mode: 'blocked', reason }
}

async function whySpared(drive: Drive, intended: Intended): Promise<string | undefined> {
  const { run, ports } = drive
  const archive = LOG_ARCHIVE.test(run.resource) ? 'the log archive of Control Tower' : undefined
  const { untouchable = archive } = intended.seen
  if (untouchable !== undefined) return `never: ${run.resource} is ${untouchable}`
  const callers = [(await ports.aws.identity()).arn, ...(run.requestedBy ? [run.requestedBy] : [])]
  const caller: OwnParts = {
    ...NOTHING,
    identities: callers.map((arn) => roleOf(arn) ?? arn),
    arns: callers.flatMap((arn) => instanceOf(arn, run.region)),
  }
  for (const { named, ...each } of touched(drive, intended)) {
    const own = ownPart(ports.own ?? NOTHING, each)
    if (own !== undefined) return `never: ${named} is Rectify's own (${own})`
    if (ownPart(caller, each) !== undefined) return `never: ${named} is what the caller came through`
  }
  return undefined
}

/** Resources that are changed, and for what each is left as it is: of what is worn, the wearer decides. */
function touched({ run, place }: Drive, { steps, impact, seen }: Intended): (Touched & { named: string })[] {
  const { resource, account, region } = run
  const at = { ...place, id: run.target.id }
  const permitted = steps.flatMap(({ permissions }) => permissions.map((each) => fillArn(each.resource, at)))
  const others = new Set(permitted.filter((arn) => arn !== resource && !arn.includes('*')))
  const wearers = /:security-group\//.test(resource) ? impact.affected : []
  const without = { account, region, tags: [] }
  return [
    { arn: resource, account, region, tags: bagsIn(seen.tags), named: resource },
    ...[...others].map((arn) => ({ ...without, arn, named: arn })),
    ...wearers.flatMap(({ type, id }) => {
      const rest = WEARERS[type]
      if (rest === undefined) return []
      const arn = fillArn(`arn:{partition}:${rest}`, { ...place, id })
      return [{ ...without, arn, named: `the group of ${arn}` }]
    }),
  ]
}

/** How those are named who can be the engine's own, or a caller's. */
const WEARERS: Record<string, string | undefined> = {
  'AWS::Lambda::Function': 'lambda:{region}:{account}:function:{id}',
  'AWS::EC2::Instance': 'ec2:{region}:{account}:instance/{id}',
}

/** The instance whose role a session is of: EC2 names the session after it. */
function instanceOf(caller: string, region: string): string[] {
  const { partition, account, id } =
    /^arn:(?<partition>[^:]+):sts::(?<account>\d+):assumed-role\/[^/]+\/(?<id>i-[0-9a-f]+)$/.exec(caller)
      ?.groups ?? {}
  return id === undefined ? [] : [`arn:${partition}:ec2:${region}:${account}:instance/${id}`]
}

function bagsIn(tags: LiveTags | undefined): readonly Tags[] {
  if (tags === undefined || isUnreadable(tags)) return []
  return Array.isArray(tags) ? tags : [tags]
}
