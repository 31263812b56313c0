import type { Decision, Run } from '../../src/run/run.ts'
import { sshEvent } from '../events.ts'
import { ACCOUNT } from '../security-groups.ts'
import type { Build } from './build.ts'
import { type Deployment, endOfForeignCommand } from './deployment.ts'

/** What the work is done on. */
export interface Ground {
  deployment: Deployment
  /** The store of the build, as whoever decides has it: its calls are counted as well. */
  store: ReturnType<Build['store']>
  /** The id of an open group that nothing has been done about. */
  nextGroup(): string
}

export interface Work {
  what: string
  /** Not counted. */
  before?: (on: Ground) => Promise<Run>
  counted: (on: Ground, before: Run | undefined) => Promise<void>
}

export const WORK: Work[] = [
  {
    what: 'a run, from its event to the proof',
    async counted({ deployment, nextGroup }) {
      const group = nextGroup()
      await deployment.intake(sshEvent(group))
      await deployment.carryOn('auto')
      mustBe('remediated', await deployment.newestOf(group))
    },
  },
  {
    what: 'the end of a command that is not ours',
    counted: ({ deployment }) => deployment.intake(endOfForeignCommand()),
  },
  {
    what: 'an approval, from the decision to the proof',
    before: (on) => waitingRun(on),
    async counted({ deployment, store }, run) {
      await store.decide(run!.id, approvalOf(run!), Date.now())
      await deployment.wake(run!, 'approve')
      mustBe('remediated', await deployment.newestOf(run!.target.id))
    },
  },
  {
    what: 'a sweep with nothing due',
    counted: ({ deployment }) => deployment.sweep(),
  },
]

/** A run that waits for a person, made by the functions. */
export async function waitingRun({ deployment, nextGroup }: Pick<Ground, 'deployment' | 'nextGroup'>) {
  const group = nextGroup()
  await deployment.intake(sshEvent(group))
  await deployment.carryOn('approve')
  const run = await deployment.newestOf(group)
  if (run.waitingFor !== 'approval') throw new Error(`the run does not wait: ${run.outcome}: ${run.reason}`)
  return run
}

function approvalOf(run: Run): Decision {
  const by = `arn:aws:iam::${ACCOUNT}:user/ann`
  return { verdict: 'approve', by, at: new Date().toISOString(), hash: run.plan!.hash }
}

/** A figure for work that was not done is worth nothing. */
export function mustBe(outcome: Run['outcome'], run: Run): void {
  if (run.outcome !== outcome) throw new Error(`the run is ${run.outcome ?? run.state}: ${run.reason}`)
}
