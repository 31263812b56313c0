import { momentText } from '../../policy/exemptions/last-moment.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import type { ShownExemption } from './exemptions-json.ts'

const HEAD = ['EXEMPTION', 'ORIGIN', 'STATE', 'UNTIL', 'RESOURCE', 'PLAYBOOK', 'OWNER', 'HELD BACK', 'WHY']

/** Exemptions as a table, one line each, in the order given. */
export function exemptionsText(exemptions: readonly ShownExemption[], paint: Paint): string {
  if (exemptions.length === 0) return 'no exemptions'
  const rows = exemptions.map((each) => [
    each.id ?? each.where ?? '-',
    each.origin,
    stateText(each, paint),
    momentText(each.until),
    visible(each.resource),
    each.playbooks?.join(', ') ?? 'all',
    visible(each.owner ?? '-'),
    heldText(each),
    visible(each.reason),
  ])
  return columns([HEAD.map(paint.faint), ...rows]).join('\n')
}

function stateText({ state, ended }: ShownExemption, paint: Paint): string {
  switch (state) {
    case 'holds':
      return 'holds'
    case 'endsSoon':
      return paint.warn('ends within a week')
    case 'over':
      return paint.faint('over')
    case 'ended':
      return paint.faint(`ended by ${visible(ended?.by ?? '-')}`)
  }
}

function heldText({ heldBack: { runs, last } }: ShownExemption): string {
  if (runs === 0) return 'nothing'
  return `${runs} run${runs === 1 ? '' : 's'}, last ${last?.slice(0, 10)}`
}
