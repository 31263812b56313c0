import { type Inspection, isGoneLook, type Look } from '../../playbook/inspection.ts'
import type { Drive } from './drive.ts'
import { iso } from './facts.ts'

/** A re-read that gave nothing is believed when it gives nothing again so much later (ms). */
const GONE_AGAIN_MS = 2_000

/** What a look saw, and when it began (ISO 8601 UTC): what came later than that it may have missed. */
export type Seen = Inspection<unknown> & { at: string }

/** Looks at the live resource. Undefined: gone, seen twice. */
export async function inspect(drive: Drive, first: boolean): Promise<Seen | undefined> {
  const { run, playbook, reader, asked, ports } = drive
  const once = async () => {
    const at = iso(ports.clock.now())
    const look: Look = { first, findings: run.findings, at }
    const found = await asked.inspecting(() => playbook.inspect(run.target, run.parameters, reader, look))
    return { at, found }
  }
  let { at, found } = await once()
  if (isGoneLook(found)) {
    await ports.clock.sleep(GONE_AGAIN_MS)
    ;({ at, found } = await once())
  }
  if (isGoneLook(found)) return undefined
  return { ...found, at }
}
