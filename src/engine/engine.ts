import type { Finding } from '../findings/finding.ts'
import { approveRun, declineRun } from './decide/decisions.ts'
import { handle } from './in-waves.ts'
import type { EnginePorts, HandleOptions, Intent, Report } from './ports.ts'
import { letGo } from './rails/let-go.ts'
import { sweep } from './sweeping.ts'
import { unblock } from './undo/unblocking.ts'
import { undoRun } from './undo/undo-run.ts'

/** The engine in this process: everything the command line can ask for. */
export interface Engine {
  /**
   * Plans, rehearses or applies. Findings that are not active are ignored (with `includeSamples`, plan and rehearse
   * take samples); findings without a playbook are ignored with that reason.
   */
  handle(findings: Finding[], intent: Intent, options?: HandleOptions): Promise<Report>
  /** Carries on what a guard rail has held and lets go now. */
  letGo(): Promise<Report>
  /** Decides a waiting run as the caller and, once decided, carries it to its end. */
  approve(run: string, options: { hash?: string }): Promise<Report>
  decline(run: string, reason: string): Promise<Report>
  /** A run that undoes another, as a run of its own; `restFor` is an ISO 8601 duration. */
  undo(run: string, options: { restFor: string }): Promise<Report>
  /** Takes an entry out of all sets in which it is held, whoever holds it: one run per set, as an undo. */
  unblock(entry: string, options: { restFor: string }): Promise<Report>
  /** Carries on interrupted runs, wakes overdue waits, expires time-boxed blocks. */
  sweep(): Promise<Report>
}

/** The engine on these ports; it keeps nothing of its own between two calls. */
export function createEngine(ports: EnginePorts): Engine {
  return {
    handle: (findings, intent, options = {}) => handle(ports, findings, intent, options),
    letGo: () => letGo(ports),
    approve: (run, options) => approveRun(ports, run, options),
    decline: (run, reason) => declineRun(ports, run, reason),
    undo: (run, options) => undoRun(ports, run, options),
    unblock: (entry, options) => unblock(ports, entry, options),
    sweep: () => sweep(ports),
  }
}
