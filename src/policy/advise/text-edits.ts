/** A place of a text at which something is taken out and something put in. */
export interface TextEdit {
  /** In characters from the start. */
  at: number
  remove: number
  insert: string
}

/** The text with all edits made; those at one place in their order. They do not overlap. Pure. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => a.at - b.at)
    .toReversed()
    .reduce((so, { at, remove, insert }) => so.slice(0, at) + insert + so.slice(at + remove), text)
}

/** Lines that stand on each side of a change, as `diff -u` shows them. */
const CONTEXT = 3

/**
 * What edits change, as a unified diff that `git apply` and `patch -p1` take; empty where there are none. Pure.
 * @param path of the file, from where the patch is applied, with `/` between folders
 */
export function unifiedDiff(text: string, edits: readonly TextEdit[], path: string): string {
  const lines = linesOf(text)
  const changes = lineChanges(text, lines, edits)
  if (changes.length === 0) return ''
  const hunks: LineChange[][] = []
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1)
    if (last && change.at - (last.at + last.removed) <= 2 * CONTEXT) hunks.at(-1)!.push(change)
    else hunks.push([change])
  }
  let shift = 0
  const blocks = hunks.map((hunk) => {
    const block = hunkText(lines, hunk, shift)
    shift += hunk.reduce((sum, { added, removed }) => sum + added.length - removed, 0)
    return block
  })
  // Both programs take all before a tab for the name, so that it may have spaces.
  const name = path.includes(' ') ? `${path}\t` : path
  return `--- a/${name}\n+++ b/${name}\n${blocks.join('')}`
}

/** Lines from a place on are others. */
interface LineChange {
  /** From 0. */
  at: number
  removed: number
  added: string[]
}

/** Each with what ends it. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '')

function lineChanges(text: string, lines: readonly string[], edits: readonly TextEdit[]): LineChange[] {
  const starts = [0]
  for (const line of lines) starts.push(starts.at(-1)! + line.length)
  const isEnded = text === '' || text.endsWith('\n')
  const changes = new Map<number, { before: string[]; inside: TextEdit[] }>()
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    const after = starts.findIndex((start) => start > edit.at)
    const line = after < 0 ? (isEnded ? lines.length : lines.length - 1) : after - 1
    const change = changes.get(line) ?? { before: [], inside: [] }
    changes.set(line, change)
    const isWhole = edit.at === starts[line] && edit.remove === 0 && edit.insert.endsWith('\n')
    if (isWhole) change.before.push(...linesOf(edit.insert))
    else change.inside.push({ ...edit, at: edit.at - starts[line]! })
  }
  return [...changes].map(([at, { before, inside }]) => ({
    at,
    removed: inside.length > 0 && at < lines.length ? 1 : 0,
    added: [...before, ...(inside.length > 0 ? linesOf(edited(lines[at] ?? '', inside)) : [])],
  }))
}

function hunkText(lines: readonly string[], hunk: readonly LineChange[], shift: number): string {
  const [first, last] = [hunk[0]!, hunk.at(-1)!]
  const from = Math.max(0, first.at - CONTEXT)
  const to = Math.min(lines.length, last.at + last.removed + CONTEXT)
  const body: string[] = []
  let at = from
  const keep = (until: number) => {
    for (; at < until; at++) body.push(` ${lines[at]}`)
  }
  for (const { at: place, removed, added } of hunk) {
    keep(place)
    for (; at < place + removed; at++) body.push(`-${lines[at]}`)
    body.push(...added.map((line) => `+${line}`))
  }
  keep(to)
  const grown = hunk.reduce((sum, { added, removed }) => sum + added.length - removed, 0)
  const range = (start: number, count: number) => `${count === 0 ? start : start + 1},${count}`
  const head = `@@ -${range(from, to - from)} +${range(from + shift, to - from + grown)} @@\n`
  return (
    head +
    body.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('')
  )
}
