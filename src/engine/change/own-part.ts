import type { ApiCall } from '../../playbook/api.ts'
import type { Json } from '../../playbook/json.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import type { Step, SubsetStep } from '../../playbook/step.ts'
import type { Run } from '../../run/run.ts'

/** Ids of a subset step that its own call dealt with, and those that somebody else had dealt with before. */
interface Shares {
  ours: string[]
  others: string[]
}

/**
 * What the result of a step remembers when somebody else did a part of it; nothing when all of it is ours.
 * @param call the call that took effect or may have; undefined when none did
 */
export function sharesOf(step: SubsetStep, call: ApiCall | undefined): { detail?: Json } {
  const [planned, ours] = [idsOf(step, step.call), idsOf(step, call)]
  const others = planned.filter((id) => !ours.includes(id))
  return others.length > 0 ? { detail: { ours, others } } : {}
}

function idsOf(step: Step, call: ApiCall | undefined): string[] {
  return step.kind === 'subset' ? ((call?.input[step.subset] as string[] | undefined) ?? []) : []
}

/** Ids of the run's steps that somebody else had dealt with before its calls came: not the run's to undo. */
export function doneByOthers({ results }: Pick<Run, 'results'>): string[] {
  return results.flatMap(({ detail }) => (detail as Partial<Shares> | undefined)?.others ?? [])
}

/** Whether somebody else had dealt with a whole step, so that nothing of it is the run's own. */
export function isAllOfOthers(detail: Json | undefined): boolean {
  return (detail as Partial<Shares> | undefined)?.ours?.length === 0
}

/** The run with a plan of what it did itself, as far as its playbook can tell the parts of a step apart. */
export function ownPart({ subset }: Pick<AnyPlaybook, 'subset'>, run: Run): Run {
  const others = doneByOthers(run)
  if (!run.plan || !subset?.part || others.length === 0) return run
  const ids = run.plan.steps.flatMap((step) => idsOf(step, step.call)).filter((id) => !others.includes(id))
  return { ...run, plan: subset.part(run.plan, ids) }
}
