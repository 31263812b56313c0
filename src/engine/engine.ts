import { approveRun, declineRun } from './decide/decisions.ts'
import type { Engine, EnginePorts } from './ports.ts'
import { again, handle } from './start-runs.ts'
import { sweep } from './sweeping.ts'
import { unblock } from './undo/unblocking.ts'
import { undoRun } from './undo/undo-run.ts'

/** The engine in this process: everything the command line can ask for. */
export function createEngine(ports: EnginePorts): Engine {
  return {
    handle: (findings, intent, options = {}) => handle(ports, findings, intent, options),
    again: (runs) => again(ports, runs),
    approve: (run, options) => approveRun(ports, run, options),
    decline: (run, reason) => declineRun(ports, run, reason),
    undo: (run, options) => undoRun(ports, run, options),
    unblock: (entry, options) => unblock(ports, entry, options),
    sweep: () => sweep(ports),
  }
}
