import type { Sandbox } from '../../src/sandbox/start.ts'
import { sshOpen } from './detected-events.ts'
import type { Planter } from './planted-resources.ts'
import { type ProgramOptions, programIn } from './program-in-sandbox.ts'

/** A program with one finding about an open group, in `event.json`. */
export async function programWithOpenGroup(sandbox: Sandbox, plant: Planter, options?: ProgramOptions) {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const own = programIn(sandbox, options)
  own.write('event.json', sshOpen(group))
  return { group, own }
}
