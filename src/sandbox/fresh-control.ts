import type { Control } from './control.ts'
import { settleCommands } from './overlay/commands.ts'

/** The state behind the overlays, empty. */
export function createControl(): Control {
  const control: Control = {
    associations: new Map(),
    ipSetVersions: new Map(),
    instances: new Map(),
    commands: [],
    snapshotBlock: new Map(),
    imageBlock: new Map(),
    publicSharing: new Map(),
    calendars: new Map(),
    sessions: new Map(),
    assumed: new Map(),
    changes: [],
    findingUpdates: new Map(),
    logQueries: new Map(),
    ...DEFAULTS,
    settle: () => settleCommands(control),
    reset() {
      for (const map of [control.associations, control.ipSetVersions, control.instances]) map.clear()
      for (const map of [control.snapshotBlock, control.imageBlock, control.publicSharing]) map.clear()
      for (const map of [control.sessions, control.findingUpdates, control.calendars]) map.clear()
      control.assumed.clear()
      control.logQueries.clear()
      control.commands.length = 0
      control.changes.length = 0
      Object.assign(control, DEFAULTS)
    },
  }
  return control
}

const DEFAULTS = { commandMs: 1000, listDelayMs: 0, now: () => Date.now() }
