import type { RejectionCode } from '../../findings/finding.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'

/** By what findings are triaged, as it is copied from one thread to another: data only. */
export interface Terms {
  heads: readonly PlaybookHead[]
  policy: LoadedPolicy
  /** ms since 1970, UTC. */
  now: number
}

/** Lines to be triaged. */
export interface Question {
  bytes: Uint8Array<ArrayBuffer>
  /** What to call the file that they are of. */
  event: string
  /** Number of the first of them in that file, from 0. */
  line: number
}

export interface Answer {
  /** In which the lines were, to be filled anew once `text` is written. */
  buffer: ArrayBuffer
  /** Absent where some line is not a value by itself. */
  lines?: TriagedBlock
}

/** What is to be said of some lines, in UTF-8, and why some could not be read. */
export interface TriagedBlock {
  text: Uint8Array<ArrayBuffer>
  unread: RejectionCode[]
}
