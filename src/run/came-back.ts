import type { Run } from './run.ts'

/**
 * Tells of runs that are handed in newest first which of them put something right that came back: a later run of the same
 * playbook had to change the same again. What we took out again ourselves (an undo, a time-boxed entry that ended) did
 * not come back. Keeps a key per resource that was changed, and no runs.
 */
export function comingBack(): (run: Pick<Run, BackFacts>) => boolean {
  const changedLater = new Set<string>()
  return ({ playbook, key, outcome, changedAt, undoOf, undoneBy }) => {
    if (undoOf !== undefined || changedAt === undefined) return false
    const what = `${playbook} ${key}`
    const isBack = outcome === 'remediated' && undoneBy === undefined && changedLater.has(what)
    changedLater.add(what)
    return isBack
  }
}

type BackFacts = 'playbook' | 'key' | 'outcome' | 'changedAt' | 'undoOf' | 'undoneBy'
