import type { Aws, Identity } from '../../aws/port.ts'
import type { ApiCall } from '../../playbook/api.ts'
import type { Plan } from '../../playbook/plan.ts'
import type { Copies } from '../../playbook/service/copies.ts'
import { type KnownPlaybook, loaded } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Twin } from '../../run/rehearsed/twin.ts'
import type { Run } from '../../run/run.ts'
import { SANDBOX_ACCOUNT } from '../place.ts'
import {
  areCallsOf,
  areSameReads,
  idsIn,
  isOfChange,
  notBroughtBack,
  otherAnswers,
  planDifferences,
} from './comparison.ts'
import { makeCopy } from './copy.ts'
import { judged, notMade } from './judged.ts'
import { copyPlan } from './makings.ts'
import type { RecordedReads } from './recorded-reads.ts'
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
  /** From here on no further call of a copy is made. */
  until?: AbortSignal | undefined
}

/** Calls of a copy: some ten seconds of the emulators. What takes more is a whole account rather than a resource. */
const MOST_MAKINGS = 500

/**
 * Copies what a run read into empty emulators, carries its plan out there, takes it back, and says what differs. AWS is not
 * asked for anything: what the run read is all that there is.
 * @param run of a rehearsal, with a plan
 * @throws the reason of `until`
 */
export async function twinOf(
  run: Run & { plan: Plan },
  reads: RecordedReads,
  ports: TwinPorts,
): Promise<Twin> {
  const { emulator, copies, identity, playbooks, until } = ports
  const { account, region, partition } = run
  const renaming = new Renaming()
  renaming.learn(account, SANDBOX_ACCOUNT)
  const { makings, uncopied, assumed } = copyPlan(reads.values(), run.plan, copies)
  if (makings.length > MOST_MAKINGS)
    return notMade(
      `what was read is too much to be copied: ${makings.length} calls, of at most ${MOST_MAKINGS}`,
    )
  const place = { account, region, partition }
  const { copied, refused } = await makeCopy(makings, emulator, renaming, place, until)
  const aws = twinAws(emulator, renaming, identity)
  const engine = twinEngine(run, aws, ports)

  const planned = await engine.plan()
  const actionOf = (call: Pick<ApiCall, 'service' | 'operation'>) => emulator.services.iamAction(call)
  const about = {
    copied,
    assumed,
    notCopied: [
      ...refused,
      ...uncopied.map(({ read, why }) => ({ action: actionOf(read as unknown as ApiCall), why })),
    ],
    notShown: otherAnswers(reads, planned.reads, actionOf),
    otherReads: !areSameReads(reads, planned.reads),
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
  const playbook = await loaded(playbooks.find(({ id }) => id === run.playbook)!)
  const known = idsIn([...reads.values()], [...planned.reads.values()], run.plan)
  const differs = notBroughtBack(playbook, run.plan.before, again.run.plan?.before, (id) => known.has(id))
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
