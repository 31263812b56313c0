import type { Close } from '../../../state-machines/effects.ts'
import type { Place } from '../../aws/port.ts'
import type { AnyPlaybook, Reader } from '../../playbook/playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Run } from '../../run/run.ts'
import type { EnginePorts } from '../ports.ts'
import type { AskedReads } from '../rehearsing/counted-reads.ts'
import type { Memory } from './facts.ts'

/**
 * Everything about the driving of one run by this process: the run as it stands, the ports, and what is only remembered
 * here. It is read by all and written by `record.ts` alone: effects and waits give facts, and the driver notes them.
 */
export interface Drive extends Readonly<Memory> {
  readonly run: Readonly<Run>
  readonly ports: EnginePorts
  readonly playbook: AnyPlaybook
  readonly place: Place
  readonly reader: Reader
  /** What was asked of `reader`. */
  readonly asked: AskedReads
  readonly policy: LoadedPolicy
  /** The run that this one undoes; its plan has only what it did itself (`ownPart`). */
  readonly original?: Run
  /** Entries of a set whose time boxes end with this (expiry) run. */
  readonly expiring?: readonly string[]
  /** Known before any look: the run ends so. */
  readonly ending?: Omit<Close, 'kind'>
  /** The same plan was declined lately: it is not asked about again. */
  readonly silenced?: { hash: string; until: number; run: Run }
  /** What reads warned of, in order. */
  readonly warnings: readonly string[]
}
