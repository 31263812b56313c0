import type { HeldTogether } from '../../engine/rails/held-now.ts'
import { EVERYTHING } from '../../engine/rails/kill-switch.ts'
import { SEVERITIES } from '../../findings/finding.ts'
import { columns } from '../../reports/columns.ts'
import { visible } from '../../reports/paint.ts'
import { scopeOptions } from '../../reports/run/held-runs.ts'
import { stackOption } from '../../reports/stack-option.ts'
import type { Words } from './teller.ts'

/** More holds than these that are new at once are told in one notice. */
const MOST_BY_THEMSELVES = 5

/**
 * What is told about runs that guard rails hold: a notice for each hold, however many runs it holds.
 * @param stack name of the deployment, for the commands that are proposed
 */
export function holdNotices(holds: readonly HeldTogether[], stack?: string): Words[] {
  const options = stackOption(stack)
  const texts = holds.map((hold) => textOf(hold, options))
  const seen = `They are listed by \`rectify runs --outcome held${options}\`.`
  if (holds.length <= MOST_BY_THEMSELVES) {
    return holds.map((hold, index) => ({
      subject: `Rectify: ${headOf(hold)}`,
      text: `${texts[index]}\n\n${seen}`,
    }))
  }
  const all = holds.reduce((sum, { runs }) => sum + runs, 0)
  const subject = `Rectify: ${all} runs held, by ${holds.length} guard rails`
  return [{ subject, text: [...texts, seen].join('\n\n') }]
}

function headOf({ runs, isCut, reason }: HeldTogether): string {
  const held = runs === 1 && !isCut ? '1 run is held' : `${runs}${isCut ? ' or more' : ''} runs are held`
  return `${held}: ${visible(reason)}`
}

function textOf(hold: HeldTogether, options: string): string {
  const { severities, playbooks, until } = hold
  const bySeverity = SEVERITIES.toReversed().flatMap((severity) =>
    severities[severity] === undefined ? [] : `${severities[severity]} ${severity}`,
  )
  const byPlaybook = Object.entries(playbooks)
    .sort(([, a], [, b]) => b - a)
    .map(([id, runs]) => `${runs} ${visible(id)}`)
  const rows = [
    ['severity', bySeverity.join(', ')],
    ['playbook', shortened(byPlaybook).join(', ')],
    ...(until === undefined ? [] : [[hold.rail === 'limit' ? 'room at' : 'until', until]]),
    ['goes on', wayOn(hold, options)],
  ]
  return [headOf(hold), ...columns(rows).map((row) => `  ${row}`)].join('\n')
}

/** How runs go on that are held so. */
function wayOn({ rail, scope }: HeldTogether, options: string): string {
  switch (rail) {
    case 'pause':
      return `after rectify resume${scopeOptions(scope ?? EVERYTHING)}${options}`
    case 'freeze':
      return 'by themselves when it ends'
    case 'limit':
      return 'by themselves as there is room, the severest first, of these the one that has waited longest'
    case 'breaker':
      return 'one tries again after its rest; when that ends well, the others follow'
  }
}

/** Most playbooks that are named. */
const MOST_NAMED = 10

function shortened(names: string[]): string[] {
  const more = names.length - MOST_NAMED
  return more > 0 ? [...names.slice(0, MOST_NAMED), `and ${more} more`] : names
}
