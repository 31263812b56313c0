import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for what is needed only for a while. */
export interface Scratch {
  /** Absolute. */
  path: string
  remove(): Promise<void>
}

/** Makes a folder among the temporary ones. It goes when it is removed, or else with this process. */
export async function scratchFolder(name: string): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), `rectify-${name}-`))
  const atExit = () => rmSync(path, { recursive: true, force: true })
  process.once('exit', atExit)
  return {
    path,
    async remove() {
      // What is being unpacked there by a process that is just ending may make it not empty once more.
      await rm(path, { recursive: true, force: true, maxRetries: 5 })
      process.off('exit', atExit)
    },
  }
}
