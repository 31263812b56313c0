/** More lines than this on a side are not compared one by one: the table would take megabytes. */
const MOST_LINES = 1_000

/**
 * What changed from one list of lines to another, in order: `- ` for what is gone, `+ ` for what has come, nothing for
 * what stays. The longest common part stays (Hunt and McIlroy's problem, by the plain table).
 */
export function lineChanges(before: readonly string[], after: readonly string[]): string[] {
  const start = commonStart(before, after)
  const [old, young] = [before.slice(start), after.slice(start)]
  if (old.length > MOST_LINES || young.length > MOST_LINES) return bySet(old, young)
  const longest = commonLengths(old, young)
  const changes: string[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      i++
      j++
    } else if (j >= young.length || (i < old.length && longest[i + 1]![j]! >= longest[i]![j + 1]!)) {
      changes.push(`- ${old[i++]}`)
    } else {
      changes.push(`+ ${young[j++]}`)
    }
  }
  return changes
}

function commonStart(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length)
  let at = 0
  while (at < most && before[at] === after[at]) at++
  return at
}

/** `[i][j]`: how many lines the rests from `i` and from `j` on have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      rows[i]![j] =
        before[i] === after[j] ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!)
    }
  }
  return rows
}

function bySet(before: readonly string[], after: readonly string[]): string[] {
  const [old, young] = [new Set(before), new Set(after)]
  const changes = [
    ...before.filter((line) => !young.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ]
  return changes.length > 0 ? changes : ['+ the same lines in another order, or more or less often']
}
