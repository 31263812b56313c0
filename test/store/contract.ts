import type { RunStore } from '../../src/run/store.ts'
import { keepsAttachments } from './contract/kept-attachments.ts'
import { keepsBookmarks } from './contract/kept-bookmarks.ts'
import { keepsCommits } from './contract/kept-commits.ts'
import { keepsDecisions } from './contract/kept-decisions.ts'
import { keepsWhatIsDue } from './contract/kept-due.ts'
import { keepsExemptions } from './contract/kept-exemptions.ts'
import { keepsLocks } from './contract/kept-locks.ts'
import { keepsNewestRuns } from './contract/kept-newest-runs.ts'
import { keepsPauses } from './contract/kept-pauses.ts'
import { keepsTimeBoxes } from './contract/kept-time-boxes.ts'
import { keepsTokens } from './contract/kept-tokens.ts'
import { keepsWhatWasTold } from './contract/kept-told.ts'
import { withStore } from './contract/store-under-test.ts'

/** What every run store promises. `make` gives an empty one. */
export function keepsTheContract(make: () => RunStore | Promise<RunStore>): void {
  withStore(make)
  keepsCommits()
  keepsNewestRuns(make)
  keepsAttachments()
  keepsLocks()
  keepsDecisions()
  keepsTimeBoxes()
  keepsWhatIsDue()
  keepsBookmarks()
  keepsWhatWasTold()
  keepsPauses()
  keepsTokens()
  keepsExemptions()
}
