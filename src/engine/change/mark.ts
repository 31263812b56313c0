import type { Run } from '../../run/run.ts'

/** The mark of a step's call: fixed by the write-ahead, so that a command sent twice can be told from two commands. */
export function markOf({ id, round }: Run, step: string): string {
  return `${id}/${round}/${step}`
}
