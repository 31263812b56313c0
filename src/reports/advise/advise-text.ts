import { basename } from 'node:path'
import type { Proposal } from '../../policy/advise/written-edits.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { count } from '../rehearsal/rehearsal.ts'
import { type Advised, type ShownAdvice, shownAdvice } from './advise-json.ts'

const HEAD = ['RULE', 'PLAYBOOK', 'NOW', 'EVIDENCE', 'ADVICE', 'WHY']

/** What is proposed, as a table, and the patch behind it. */
export function adviseText(advised: Advised, paint: Paint): string {
  const { policy, advice, proposed } = advised
  const shown = advice.map((each) => shownAdvice(each, policy, proposed))
  const rows = shown.map((each) => [
    each.rule === null ? 'no rule' : `${basename(policy.file)}:${each.rule.line}`,
    each.playbook,
    each.mode,
    evidenceText(each),
    adviceText(each, paint),
    each.why.map(visible).join('; '),
  ])
  const table = rows.length === 0 ? '' : columns([HEAD.map(paint.faint), ...rows]).join('\n')
  return [
    readText(advised),
    table,
    ...byHandText(shown, paint),
    anybodyText(advised, paint),
    patchText(advised),
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** The first sentence: what it is founded on. */
function readText({ policy, gathered, since, isCut }: Advised): string {
  const { runs, ofOtherText, unplaced } = gathered
  const file = visible(basename(policy.file))
  if (runs === 0)
    return `No run since ${since.slice(0, 10)} tells anything about ${file}: nothing is advised.`
  const lost = [...unplaced.values()].reduce((sum, { all }) => sum + total(all.counts), 0)
  const others = [
    ...(ofOtherText > 0
      ? [`${ofOtherText} decided by another text than ${file}, asked about again under this one`]
      : []),
    ...(lost > 0 ? [`of ${lost} it cannot be told which rule decides them: they speak for nothing`] : []),
    ...(isCut ? ['there are more, which were not read: nothing is let go'] : []),
  ]
  return [`${count(runs, 'run')} since ${since.slice(0, 10)}`, ...others].join('; ')
}

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, each) => sum + each, 0)

const WORDS = {
  rehearsed: 'rehearsed',
  notChecked: 'not checkable',
  denied: 'denied',
  approved: 'approved',
  automatic: 'by itself',
  drifted: 'drifted',
  declined: 'declined',
  expired: 'expired',
  undone: 'undone',
  fought: 'came back',
  unverified: 'unverified',
  rolledBack: 'rolled back',
  failed: 'failed',
  limited: 'limited',
} as const satisfies Record<Exclude<keyof ShownAdvice['evidence'], 'resources'>, string>

function evidenceText({ evidence }: Pick<ShownAdvice, 'evidence'>): string {
  const all = (Object.keys(WORDS) as (keyof typeof WORDS)[]).filter((key) => evidence[key] > 0)
  const { resources } = evidence
  const on = resources > 0 ? ` on ${count(resources, 'resource')}` : ''
  return all.map((key) => `${evidence[key]} ${WORDS[key]}`).join(', ') + on
}

const LAXER: readonly string[] = ['rehearse', 'approve', 'auto']

function adviceText({ mode, advised }: ShownAdvice, paint: Paint): string {
  if (advised === null) return 'as it is'
  return LAXER.indexOf(advised) > LAXER.indexOf(mode) ? paint.come(advised) : paint.warn(`back to ${advised}`)
}

function byHandText(shown: readonly ShownAdvice[], paint: Paint): string[] {
  return shown.flatMap(({ playbook, advised, byHand }) =>
    byHand === undefined
      ? []
      : [`${paint.warn('by hand')} ${playbook}: ${advised} is not in the patch: ${visible(byHand)}`],
  )
}

/** Who may decide is no question of evidence, and somebody has to say so. */
function anybodyText({ advice, policy: { policy } }: Advised, paint: Paint): string {
  const open = advice.filter(({ rule, mode, advised }) => {
    const approvers = rule === 'none' ? undefined : policy.rules[rule]?.approval.approvers
    return advised === 'approve' && mode === 'rehearse' && approvers === undefined
  })
  if (open.length === 0) return ''
  const names = open.map(({ playbook }) => playbook).join(', ')
  return `${paint.warn('note')} anybody who may use the run store will approve ${names}: name approvers (approval: { approvers: [...] })`
}

function patchText({ proposed: { patch } }: Advised): string {
  return patch === ''
    ? ''
    : `The change, which git apply and patch -p1 take (nothing has been changed):\n\n${patch}`
}

/** What stands above a rule that was added: `2026-11-30: 24 rehearsals, 12 approvals, 0 undone`. */
export function commentText({ why, mode, advised }: Proposal, now: number): string {
  return `${new Date(now).toISOString().slice(0, 10)}, ${mode} to ${advised}: ${why.join(', ')}`
}
