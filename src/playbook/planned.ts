import type { Json } from './json.ts'
import type { Step } from './step.ts'

export interface NotApplicable {
  kind: 'notApplicable'
  reason: string
  /** All that is known to be done is done, though the finding may mean more: what a change led to is proven by it. */
  nothingKnownIsLeft?: true
}
export interface Compliant {
  kind: 'compliant'
  reason?: string
  /** Time-boxed entries that are already there: if they are ours, this run holds them too. */
  timeBoxes?: { entries: string[]; expiresAfter: string }
  /** Why it cannot be told that what is there has its effect: the run ends `unverified` with this. A sentence. */
  unproven?: string
}
export interface PlannedSteps {
  kind: 'steps'
  steps: Step[]
  before: Json
  after: Json
  warnings?: string[]
  /** Why a person shall look before it is done: as `Impact.cautions`. */
  cautions?: string[]
  /** Wanted time-boxed entries that are already there, beside those the steps add: as in `Compliant`. */
  timeBoxes?: { entries: string[]; expiresAfter: string }
  /** Why the re-read will not prove that the change has its effect: as in `Compliant`. */
  unproven?: string
  /** Why what was changed may not be seen for longer than anybody waits: told where it was not. A sentence. */
  late?: string
}

/** Nothing that a program should do: what is wrong, and what a person must do. The run ends `notified`. */
export interface Advice {
  kind: 'advice'
  /** What is wrong, by the live resource. A sentence. */
  wrong: string
  /** What a person does, in this order; commands as they are typed. */
  todo: string[]
}

/** All that a playbook may say of a live state. */
export type PlanResult = PlannedSteps | Compliant | NotApplicable | Advice

export const notApplicable = (reason: string): NotApplicable => ({ kind: 'notApplicable', reason })
export const compliant = (more: Omit<Compliant, 'kind'> = {}): Compliant => ({ kind: 'compliant', ...more })

export function isNotApplicable(value: object): value is NotApplicable {
  return 'kind' in value && value.kind === 'notApplicable'
}

/** The live state is of a shape that the playbook does not understand: the run ends `failed`, nothing is guessed. */
export class Unplannable extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'Unplannable'
  }
}
