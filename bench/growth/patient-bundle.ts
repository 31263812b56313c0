import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How long src/queue/prompt.ts lets a client wait, as it is written when it is bundled. */
const WRITTEN = 'requestTimeout:5e3,connectionTimeout:2e3'
const LONGER = 'requestTimeout:6e4,connectionTimeout:6e4'

/**
 * Lets the functions of a bundle wait a minute for an answer. The emulator of DynamoDB is slower than DynamoDB, and the
 * machine has other work: what is late would be asked for again, and counted as if the functions had wanted it twice.
 * @param out folder of the bundled functions
 */
export async function makePatient(out: string): Promise<void> {
  const files = (await readdir(out, { recursive: true })).filter((file) => file.endsWith('.mjs'))
  let changed = 0
  for (const file of files.map((each) => join(out, each))) {
    const text = await readFile(file, 'utf8')
    if (!text.includes(WRITTEN)) continue
    await writeFile(file, text.replaceAll(WRITTEN, LONGER))
    changed += 1
  }
  if (changed === 0) throw new Error(`no file of the bundle says ${WRITTEN}`)
}
