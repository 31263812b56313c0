import type { Rejection } from '../../findings/finding.ts'
import type { GuardChange } from '../../policy/versions/guard-changes.ts'
import { type Paint, visible } from '../paint.ts'
import { leftoversText } from '../triage/triage-text.ts'
import type { ChangedDecision, PolicyChanges, RuleChange } from './policy-changes.ts'

/** So many resources of a change a person is shown. */
const MOST_SHOWN = 5

/** What is decided otherwise, change by change with what it is about, raises first; and how much there was. */
export function policyChangesText(
  changes: PolicyChanges,
  rejected: readonly Rejection[],
  paint: Paint,
): string {
  const { findings, decisions, raised, unknown } = changes
  const otherwise = changes.changes.reduce((sum, { count }) => sum + count, 0)
  const compared = `${counted(findings, 'finding')}, ${counted(decisions, 'decision')} compared`
  const verdict =
    otherwise === 0
      ? paint.come('nothing is decided otherwise')
      : raised > 0
        ? paint.gone(`${raised} raised`)
        : paint.come('none raised')
  const notKnown =
    unknown > 0
      ? paint.warn(
          `not known for ${counted(unknown, 'finding')}, of rules that only AWS Config can tell (configRules says it)`,
        )
      : ''
  const unreadable = leftoversText([], [...rejected], paint)
  const blocks = changes.changes.map((change) => changeText(change, paint))
  const guards = changes.guards.map((guard) => guardText(guard, paint)).join('\n')
  return [...blocks, guards, unreadable, notKnown, `${compared}: ${verdict}`].filter(Boolean).join('\n\n')
}

function changeText({ what, from, to, count, possible, decisions }: RuleChange, paint: Paint): string {
  const word = what === 'raised' ? paint.gone('RAISED') : what
  const modes = from.mode === to.mode ? to.mode : `${from.mode} -> ${to.mode}`
  const only = possible === 0 ? '' : possible === count ? ', possibly' : `, ${possible} of them possibly`
  const shown = decisions.slice(0, MOST_SHOWN)
  return [
    `${word} ${paint.strong(modes)}, ${counted(count, 'decision')}${only}`,
    `  was  ${visible(from.reason)}`,
    `  now  ${visible(to.reason)}`,
    ...shown.map((decision) => `  ${decisionText(decision)}`),
    ...(decisions.length > shown.length ? [paint.faint('  ... and others, which --json names')] : []),
  ].join('\n')
}

/** `LOOSENED limits.atOnce is gone or higher` */
function guardText({ change, text }: GuardChange, paint: Paint): string {
  return `${change === 'loosened' ? paint.gone('LOOSENED') : change} ${visible(text)}`
}

function decisionText({ finding, playbook, resource, possible, since }: ChangedDecision): string {
  const about = resource === '' ? finding : resource
  const when = [since && `from ${since} on`, possible].filter(Boolean).join(', ')
  return `- ${playbook} on ${visible(about)}${when && ` (${visible(when)})`}`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
