import { table } from '../markdown-table.ts'
import type { Comparison, Scan, Scans, Work } from './comparison.ts'

/** Why the scanner says nothing of these any more, which are neither counted as closed nor as open. */
const UNSAID: Readonly<Record<string, string>> = {
  kms_cmk_not_deleted_unintentionally: 'Prowler leaves keys out that are disabled, as one is that is kept',
  cloudtrail_bedrock_logging_enabled: 'told of the trail that covers the region now',
  guardduty_delegated_admin_enabled_all_regions: 'told of the detector that there is now',
  securityhub_enabled: 'moto has no GetEnabledStandards, without which Prowler says nothing of a hub',
  securityhub_delegated_admin_enabled_all_regions: 'the same',
}

/** The comparison for people: what became of how many, by which playbook, why the others are open, and what is amiss. */
export function tellComparison(scans: Scans, work: Work, comparison: Comparison): string {
  const {
    closed,
    alsoClosed,
    renamed,
    open,
    unsaid,
    falsely,
    newly,
    contradicting,
    firstSeen,
    notBack,
    worse,
  } = comparison
  const { before, after, undone } = scans
  const still = [...open.values()].flat().length
  const figures: [string, number][] = [
    ['failing before', before.failed.size],
    ['closed: told as remediated, and passing', closed.length],
    ['passing by what was done for others', alsoClosed.length],
    ['failing still', still],
    ['put right, and passing under the name of what was made', renamed.length],
    ['not looked at any more', unsaid.length],
    ['told as remediated, and failing still', falsely.length],
    ['failing now, and passed before', newly.length],
    ['the same, by a check that contradicts one that is closed', contradicting.length],
    ['failing now, of what was not looked at before', firstSeen.length],
    ['runs that were taken back', work.undos.filter(({ outcome }) => outcome === 'undone').length],
    ['failing after the undo', undone.failed.size],
    ['failed before, and not after the undo', notBack.length],
    ['failing after the undo, and passed before', worse.length],
  ]
  return [
    table(['findings', 'n'], counted(figures)),
    table(['closed by', 'n'], counted(closedBy(work, closed))),
    table(['failing still, because', 'n'], counted(byNumber(open))),
    list('told as remediated, and failing still', falsely, after),
    list('passing by what was done for others', alsoClosed, before),
    list('failing now, and passed before', newly, after),
    list('failing now by a check that contradicts one that is closed', contradicting, after),
    list('failing now, of what was not looked at before', firstSeen, after),
    list('put right, and passing under the name of what was made', renamed, before),
    list('not looked at any more', unsaid, before, UNSAID),
    list('failed before, and not after the undo', notBack, before),
    list('failing after the undo, and passed before', worse, undone),
  ]
    .filter(Boolean)
    .join('\n')
}

const counted = (rows: readonly [string, number][]): string[][] => rows.map(([what, n]) => [what, String(n)])

const byNumber = (groups: ReadonlyMap<string, string[]>): [string, number][] =>
  [...groups].map(([why, ids]): [string, number] => [why, ids.length]).sort((a, b) => b[1] - a[1])

/** Playbooks whose runs are remediated, with how many findings they closed; one that two answered is named by both. */
function closedBy({ runs }: Work, closed: readonly string[]): [string, number][] {
  const done = runs.filter(({ outcome }) => outcome === 'remediated')
  const playbooksOf = (id: string) => {
    const names = done.filter(({ findings }) => findings.includes(id)).map(({ playbook }) => playbook)
    return [...new Set(names)].sort().join(', ')
  }
  return byNumber(Map.groupBy(closed, playbooksOf))
}

function list(
  what: string,
  ids: readonly string[],
  { failed, passed }: Scan,
  whys: Readonly<Record<string, string>> = {},
): string {
  if (ids.length === 0) return ''
  const lines = ids.map((id) => {
    const { check = '', resource = '' } = failed.get(id) ?? passed.get(id) ?? {}
    return `  ${check} ${resource}${whys[check] ? `: ${whys[check]}` : ''}`
  })
  return [`${what}:`, ...lines, ''].join('\n')
}
