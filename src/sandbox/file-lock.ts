import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** An exclusive lock that the kernel frees when its holder dies. Resolves to the function that frees it. */
export async function lock(file: string): Promise<() => void> {
  for (;;) {
    const database = new DatabaseSync(file)
    try {
      database.exec('BEGIN EXCLUSIVE')
      return () => database.close()
    } catch (error) {
      database.close()
      if (!/locked|busy/i.test(String(error))) throw error
      await sleep(200)
    }
  }
}
