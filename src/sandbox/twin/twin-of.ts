import type { Aws, Identity } from '../../aws/port.ts'
import type { ApiCall } from '../../playbook/api.ts'
import { sameJson } from '../../playbook/json.ts'
import type { Plan } from '../../playbook/plan.ts'
import type { Copies } from '../../playbook/service/copies.ts'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Difference, Twin } from '../../run/rehearsed/twin.ts'
import type { Run } from '../../run/run.ts'
import { SANDBOX_ACCOUNT } from '../place.ts'
import { makeCopy } from './copy.ts'
import { differences, fieldsOf } from './differences.ts'
import { judged } from './judged.ts'
import { copyPlan } from './makings.ts'
import { keyOf, type RecordedReads } from './recorded-reads.ts'
import { Renaming } from './renaming.ts'
import { twinAws } from './twin-aws.ts'
import { twinEngine } from './twin-engine.ts'

/** What it takes to make twins, for one rehearsal after the other. */
export interface TwinPorts {
  /** The emulators; they hold nothing of before. */
  emulator: Aws
  copies: readonly Copies[]
  playbooks: readonly KnownPlaybook[]
  policy: LoadedPolicy
  /** Whom the rehearsal is made by. */
  identity: Identity
}

/**
 * Copies what a run read into empty emulators, carries its plan out there, takes it back, and says what differs. AWS is not
 * asked for anything: what the run read is all that there is.
 * @param run of a rehearsal, with a plan
 */
export async function twinOf(
  run: Run & { plan: Plan },
  reads: RecordedReads,
  ports: TwinPorts,
): Promise<Twin> {
  const { emulator, copies, identity } = ports
  const { account, region, partition } = run
  const renaming = new Renaming()
  renaming.learn(account, SANDBOX_ACCOUNT)
  const { makings, uncopied, assumed } = copyPlan(reads.values(), run.plan, copies)
  const { copied, refused } = await makeCopy(makings, emulator, renaming, { account, region, partition })
  const aws = twinAws(emulator, renaming, identity)
  const engine = twinEngine(run, aws, ports)

  const planned = await engine.plan()
  const actionOf = (call: Pick<ApiCall, 'service' | 'operation'>) => emulator.services.iamAction(call)
  const about = {
    copied,
    assumed,
    notCopied: [
      ...refused.map(({ action, why }) => ({ read: action, why })),
      ...uncopied.map(({ read, why }) => ({ read: actionOf(read as unknown as ApiCall), why })),
    ],
    notShown: otherAnswers(reads, planned.reads, actionOf),
    plan: planned.run.plan ? planDifferences(run.plan, planned.run.plan) : [],
  }
  if (!planned.run.plan || about.plan.some(isOfChange)) return judged(about, planned.run)

  const sentBefore = aws.sent.length
  const applied = await engine.apply()
  const sent = aws.sent.slice(sentBefore)
  const withApplied = {
    ...about,
    applied: { ...endOf(applied), calls: sent.map(actionOf) },
    otherCalls: !areCallsOf(run.plan, sent),
  }
  const canBeTaken = run.plan.steps.some(({ undo }) => Array.isArray(undo))
  if (applied.outcome !== 'remediated' || !canBeTaken) return judged(withApplied, applied)

  const undone = await engine.undo(applied)
  const again = await engine.plan()
  const differs = differences({ before: run.plan.before }, { before: again.run.plan?.before }).filter(
    (one) => !isOtherId(one),
  )
  return judged(
    {
      ...withApplied,
      undone: {
        ...endOf(undone),
        differs,
        notAsBefore: otherAnswers(planned.reads, again.reads, actionOf),
      },
    },
    undone,
  )
}

/** How a run on a twin ended; why, where that is not as it should. */
function endOf({ outcome, reason }: Run): { outcome: Run['outcome']; reason: string } {
  return { outcome, reason: outcome === 'remediated' || outcome === 'undone' ? '' : reason }
}

/** Prose, permissions and what the policy made of it apart: all that a plan says. */
function planDifferences(real: Plan, twin: Plan): Difference[] {
  const said = ({ steps, before, after, impact, warnings }: Plan) => ({
    steps: steps.map(({ permissions: _, ...step }) => step),
    before,
    after,
    impact,
    warnings,
  })
  return differences(said(real), said(twin))
}

/** Whether it is about what would be changed, and not about who is told of it. */
function isOfChange({ field }: Difference): boolean {
  return /^(steps|before|after)\b/.test(field)
}

/** What AWS gives anew when something is made again. */
function isOtherId({ expected, twin }: Difference): boolean {
  const kind = (value: unknown) =>
    typeof value === 'string' ? /^([a-z]+)-[0-9a-f]{8,17}$/.exec(value)?.[1] : undefined
  return kind(expected) !== undefined && kind(expected) === kind(twin)
}

/** Whether just the calls of the plan were sent; of a change to a set, and of what carries a mark, which calls. */
function areCallsOf({ steps }: Plan, sent: readonly ApiCall[]): boolean {
  return (
    steps.length === sent.length &&
    steps.every(({ kind, call }, at) => {
      const { service, operation, input } = sent[at]!
      const isSame = service === call.service && operation === call.operation
      return isSame && (kind === 'merge' || kind === 'command' || sameJson(input, call.input))
    })
  )
}

/** What the emulators answer otherwise than AWS did, field by field, for the reads of one look. */
function otherAnswers(
  real: RecordedReads,
  twin: RecordedReads,
  actionOf: (call: Pick<ApiCall, 'service' | 'operation'>) => string,
): string[] {
  const fields = [...real.values()].flatMap((read) => {
    const there = twin.get(keyOf(read))
    if (there === undefined) return []
    const action = actionOf(read as unknown as ApiCall)
    const found = differences(
      { ...withoutMetadata(read.answer), ...(read.code && { code: read.code }) },
      { ...withoutMetadata(there.answer), ...(there.code && { code: there.code }) },
    )
    return fieldsOf(found).map((field) => `${action} ${field}`)
  })
  return [...new Set(fields)]
}

function withoutMetadata(answer: Record<string, unknown> = {}): Record<string, unknown> {
  const { $metadata: _, ...rest } = answer
  return rest
}
