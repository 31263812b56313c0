import { comingBack } from '../../run/came-back.ts'
import { type Run, WENT_WRONG } from '../../run/run.ts'
import { dollarsOf } from '../run-costs.ts'
import { type Durations, DurationTally } from './quantiles.ts'
import {
  decidedAfter,
  detectorsOf,
  endOfRun,
  isExemptedByPerson,
  remediationOf,
  wasAsked,
  wasAskedInSlack,
} from './run-facts.ts'

/** What was done in a time. Undo runs are counted by themselves, and in no other figure. */
export interface Figures {
  /** ISO 8601 UTC: of runs that started since then, as they stood at `until`. */
  since: string
  until: string
  runs: number
  /** Findings that these runs are about. */
  findings: number
  /** How runs ended, or where those stand that have not. */
  outcomes: Record<string, number>
  byPlaybook: Group[]
  byAccount: Group[]
  /** A run that several detectors have reported is counted with each. */
  byDetector: Group[]
  /** By the day on which they started, UTC. */
  byDay: Group[]
  /** From the finding, or the start of the run where no finding tells, to the proof. */
  timeToRemediate: Durations & { fromFinding: number; fromStart: number }
  /** From the question to the word that decided. */
  timeToDecide: Durations
  /** Put right, and had to be again: somebody had changed it back. */
  reopened: number
  undone: number
  /** Time-boxed changes that ended. */
  ended: number
  falseAlarms: { alreadyCompliant: number; notApplicable: number; exempted: number }
  /** Open now; `asking` waits for a person, `held` for a guard rail. */
  open: { all: number; asking: number; held: number }
  /** Of these runs in a deployment, on paper. */
  cost: { automatic: number; asked: number; inSlack: number; dollars: number }
}

/** Runs that have something in common. */
export interface Group {
  name: string
  runs: number
  findings: number
  outcomes: Record<string, number>
  remediated: number
  /** Failed, unverified or rolled back. */
  wentWrong: number
  open: number
  timeToRemediate: Durations
}

/** How many failed, are unverified or were rolled back. */
export const wentWrongIn = ({ outcomes }: Pick<Group, 'outcomes'>): number =>
  WENT_WRONG.reduce((sum, outcome) => sum + (outcomes[outcome ?? ''] ?? 0), 0)

/** Findings that turned out to be none, or to be left alone. */
export const falseAlarmsIn = ({ falseAlarms }: Pick<Figures, 'falseAlarms'>): number =>
  Object.values(falseAlarms).reduce((sum, each) => sum + each, 0)

/** Counts run by run, and holds none; they come newest first, as a store lists them. */
export class FigureTally {
  readonly #outcomes = new Counter()
  readonly #groups = { playbook: groups(), account: groups(), detector: groups(), day: groups() }
  readonly #remediated = new DurationTally()
  readonly #decided = new DurationTally()
  readonly #cameBack = comingBack()
  readonly #counts = new Counter()

  add(run: Run): void {
    const counts = this.#counts
    const isBack = this.#cameBack(run)
    if (run.undoOf !== undefined) {
      if (run.outcome === 'undone') counts.add(run.expiry ? 'ended' : 'undone')
      return
    }
    const end = endOfRun(run)
    const remediation = remediationOf(run)
    const decided = decidedAfter(run)
    counts.add('runs')
    counts.add('findings', run.findings.length)
    this.#outcomes.add(end)
    if (isBack) counts.add('reopened')
    if (run.outcome === null) counts.add('open')
    if (isExemptedByPerson(run)) counts.add('exempted')
    counts.add(wasAsked(run) ? 'asked' : 'automatic')
    if (wasAskedInSlack(run)) counts.add('inSlack')
    if (decided !== undefined) this.#decided.add(decided)
    if (remediation) {
      this.#remediated.add(remediation.ms)
      counts.add(remediation.from)
    }
    const { playbook, account, detector, day } = this.#groups
    const its = [playbook.of(run.playbook), account.of(run.account), day.of(run.startedAt.slice(0, 10))]
    for (const group of [...its, ...detectorsOf(run).map(detector.of)]) group.add(run, end, remediation?.ms)
  }

  /** @param times ISO 8601 UTC */
  result(times: { since: string; until: string }): Figures {
    const of = (what: string) => this.#counts.of(what)
    const outcome = (what: string) => this.#outcomes.of(what)
    const [automatic, asked, inSlack] = [of('automatic'), of('asked'), of('inSlack')]
    const { playbook, account, detector, day } = this.#groups
    return {
      ...times,
      ...{ runs: of('runs'), findings: of('findings'), outcomes: this.#outcomes.mostFirst() },
      ...{
        byPlaybook: playbook.mostFirst(),
        byAccount: account.mostFirst(),
        byDetector: detector.mostFirst(),
      },
      byDay: day.byName(),
      timeToRemediate: {
        ...this.#remediated.result(),
        ...{ fromFinding: of('finding'), fromStart: of('start') },
      },
      timeToDecide: this.#decided.result(),
      ...{ reopened: of('reopened'), undone: of('undone'), ended: of('ended') },
      falseAlarms: {
        alreadyCompliant: outcome('alreadyCompliant'),
        notApplicable: outcome('notApplicable'),
        exempted: of('exempted'),
      },
      open: { all: of('open'), asking: outcome('asking'), held: outcome('held') },
      cost: { automatic, asked, inSlack, dollars: dollarsOf(automatic + asked, asked, inSlack) },
    }
  }
}

class Counter {
  readonly #counts = new Map<string, number>()

  add(what: string, more = 1): void {
    this.#counts.set(what, this.of(what) + more)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  mostFirst(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
  }
}

class GroupTally {
  readonly #outcomes = new Counter()
  readonly #remediated = new DurationTally()
  #findings = 0
  #runs = 0
  #open = 0

  add(run: Run, end: string, remediatedAfter: number | undefined): void {
    this.#runs++
    this.#findings += run.findings.length
    this.#outcomes.add(end)
    if (run.outcome === null) this.#open++
    if (remediatedAfter !== undefined) this.#remediated.add(remediatedAfter)
  }

  result(name: string): Group {
    const outcomes = this.#outcomes.mostFirst()
    return {
      ...{ name, runs: this.#runs, findings: this.#findings, outcomes },
      ...{ remediated: outcomes.remediated ?? 0, wentWrong: wentWrongIn({ outcomes }), open: this.#open },
      timeToRemediate: this.#remediated.result(),
    }
  }
}

function groups() {
  const all = new Map<string, GroupTally>()
  const result = () => [...all].map(([name, tally]) => tally.result(name))
  const byName = (a: Group, b: Group) => (a.name < b.name ? -1 : 1)
  return {
    of(name: string): GroupTally {
      const group = all.get(name) ?? new GroupTally()
      all.set(name, group)
      return group
    },
    mostFirst: () => result().sort((a, b) => b.runs - a.runs || byName(a, b)),
    byName: () => result().sort(byName),
  }
}
