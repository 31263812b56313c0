/** A check of a resource. */
export interface Checked {
  check: string
  resource: string
}

/** What a scanner says: ids of what fails, and of what passes. */
export interface Scan {
  failed: ReadonlyMap<string, Checked>
  passed: ReadonlyMap<string, Checked>
}

/**
 * Checks that contradict each other: the first passes only as long as the second fails on the same resource. Prowler calls a
 * key that is disabled "not being used", one that is going to be deleted not; and who keeps a key is given it disabled.
 */
const CONTRADICTIONS: ReadonlyMap<string, string> = new Map([
  ['kms_cmk_are_used', 'kms_cmk_not_deleted_unintentionally'],
])

/** A run, as `--json` shows it, as far as it is asked here. */
export interface ScanRun {
  run: string
  playbook: string
  outcome: string | null
  reason: string
  findings: string[]
  undoOf: string | null
}

/** What `rectify apply` and `rectify undo` made of the first scan. */
export interface Work {
  runs: readonly ScanRun[]
  ignored: readonly { finding: string; reason: string }[]
  undos: readonly ScanRun[]
}

export interface Scans {
  before: Scan
  after: Scan
  undone: Scan
}

/** What became of the findings; all are ids of findings. */
export interface Comparison {
  /** Failed before, passes now, and a run of it is told as remediated. */
  closed: string[]
  /** Failed before and passes now as well, by what was done for others: counted beside the closed. */
  alsoClosed: string[]
  /** Failed before, named no resource that there was, and passes now for one that there is: counted beside the closed. */
  renamed: string[]
  /** Failed before, and the scanner says nothing of it now: neither closed nor open. */
  unsaid: string[]
  /** Fails still: why → which. */
  open: Map<string, string[]>
  /** Fails still, although a run of it is told as remediated. */
  falsely: string[]
  /** Fails now, and passed before. What a scanner sees for the first time has not become worse. */
  newly: string[]
  /** The same, where it passed only because another check failed. */
  contradicting: string[]
  /** Fails neither before nor passed then: the scanner looks at something that it did not see. */
  firstSeen: string[]
  /** Failed before, and does not after the undo. */
  notBack: string[]
  /** Fails after the undo, and passed before. */
  worse: string[]
}

/**
 * Compares three scans of one account.
 * @param notKept playbook → why the emulator does not keep what it sets
 */
export function compare(
  { before, after, undone }: Scans,
  work: Work,
  notKept: ReadonlyMap<string, string>,
): Comparison {
  const failed = [...before.failed.keys()]
  const remediated = new Set(
    work.runs.filter(({ outcome }) => outcome === 'remediated').flatMap(({ findings }) => findings),
  )
  const still = failed.filter((id) => after.failed.has(id))
  const passing = failed.filter((id) => after.passed.has(id) && !after.failed.has(id))
  const gone = failed.filter((id) => !after.passed.has(id) && !after.failed.has(id))
  const renamed = new Set(gone.filter((id) => remediated.has(id) && passesAnew(before.failed.get(id)!)))
  const newly = [...after.failed.keys()].filter((id) => before.passed.has(id))
  const contradicting = new Set(newly.filter((id) => contradicts(after.failed.get(id)!)))
  const whys = whysOf(work, notKept)

  /** Whether the check passes now for a resource of which it said nothing, and fails for none such. */
  function passesAnew({ check }: Checked): boolean {
    const isNew = ([id, of]: [string, Checked]) =>
      of.check === check && !before.failed.has(id) && !before.passed.has(id)
    return [...after.passed].some(isNew) && ![...after.failed].some(isNew)
  }
  function contradicts({ check, resource }: Checked): boolean {
    const isOther = (of: Checked) => of.check === CONTRADICTIONS.get(check) && of.resource === resource
    return [...before.failed.values()].some(isOther) && ![...after.failed.values()].some(isOther)
  }

  return {
    closed: passing.filter((id) => remediated.has(id)),
    alsoClosed: passing.filter((id) => !remediated.has(id)),
    renamed: [...renamed],
    unsaid: gone.filter((id) => !renamed.has(id)),
    open: Map.groupBy(still, (id) => whys.get(id) ?? 'nothing is said of it'),
    falsely: still.filter((id) => remediated.has(id)),
    newly: newly.filter((id) => !contradicting.has(id)),
    contradicting: [...contradicting],
    firstSeen: [...after.failed.keys()].filter((id) => !before.passed.has(id) && !before.failed.has(id)),
    notBack: failed.filter((id) => !undone.failed.has(id)),
    worse: [...undone.failed.keys()].filter((id) => before.passed.has(id)),
  }
}

/** Why a finding may be open still: by the one run of it that came furthest, or by why there is none. */
function whysOf({ runs, ignored }: Work, notKept: ReadonlyMap<string, string>): Map<string, string> {
  const whys = new Map(
    ignored.map(({ finding, reason }) => [
      finding,
      reason.startsWith('no playbook answers') ? 'no playbook answers (docs/coverage.md says why)' : reason,
    ]),
  )
  for (const { playbook, outcome, reason, findings } of runs) {
    // A run that saw by itself that there is nothing for it to do has not asked the emulator for anything.
    const gap = outcome === 'failed' || outcome === 'unverified' ? notKept.get(playbook) : undefined
    const why = gap === undefined ? `${outcome}: ${reason}` : `the emulator cannot: ${gap}`
    for (const finding of findings) whys.set(finding, `${playbook} ${why}`)
  }
  return whys
}

/** Why the comparison is not good enough; empty: it is. */
export function shortfalls(comparison: Comparison, work: Work, atLeast: number): string[] {
  const { closed, falsely, newly, notBack, worse } = comparison
  const failedUndos = work.undos.filter(({ outcome }) => outcome !== 'undone')
  return [
    ...(closed.length < atLeast ? [`${closed.length} are closed, which is less than ${atLeast}`] : []),
    ...unless(falsely, 'told as remediated, and fail still'),
    ...unless(newly, 'fail now, and passed before'),
    ...unless(failedUndos, 'undos did not end undone'),
    ...unless(notBack, 'failed before, and do not after the undo'),
    ...unless(worse, 'fail after the undo, and passed before'),
  ]
}

const unless = (list: readonly unknown[], what: string): string[] =>
  list.length === 0 ? [] : [`${list.length} ${what}`]
