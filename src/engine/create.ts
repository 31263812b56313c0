import { approveRun, declineRun } from './decisions.ts'
import type { Engine, EnginePorts } from './engine.ts'
import { again, handle } from './handle.ts'
import { sweep } from './sweep.ts'
import { unblock } from './unblock.ts'
import { undoRun } from './undo-run.ts'

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
