import { realLists } from './real-run/real-words.ts'
import type { RehearsalSummary } from './summary.ts'
import type { SummaryList } from './summary-list.ts'
import { trafficLists } from './traffic/traffic-words.ts'
import { TWIN_SAYS } from './twin/twin-text.ts'

/** The lists of a summary in the order in which they are read, those with nothing in them left out. */
export function summaryLists(summary: RehearsalSummary): SummaryList[] {
  const { asked, repeated, held, managed, irreversible, unproven, unanswered, real, traffic } = summary
  const { otherTwins = [] } = summary
  const all: SummaryList[] = [
    ...trafficLists(traffic),
    {
      name: 'Twins that do not agree with their plans',
      head: ['Twin', 'Playbook', 'Why', 'Plans'],
      rows: otherTwins.map(({ status, playbook, why, plans }) => [TWIN_SAYS[status], playbook, why, plans]),
    },
    {
      name: 'Who would be asked',
      head: ['Who', 'Runs', 'A day'],
      rows: asked.map(({ whom, runs, perDay }) => [whom, runs, perDay]),
    },
    {
      name: 'Resources that more than one plan changes',
      head: ['Resource', 'Plans', 'Playbooks'],
      rows: repeated.map(({ resource, plans, playbooks }) => [resource, plans, playbooks.join(', ')]),
    },
    {
      name: 'What a guard rail would hold',
      head: ['Why', 'Plans'],
      rows: held.map(({ reason, plans }) => [reason, plans]),
    },
    {
      name: 'What somebody else puts back',
      head: ['By', 'Where', 'Plans'],
      rows: managed.map(({ by, where, plans }) => [by, where, plans]),
    },
    {
      name: 'What cannot be taken back',
      head: ['Playbook', 'Why', 'Plans'],
      rows: irreversible.map(({ playbook, why, plans }) => [playbook, why, plans]),
    },
    {
      name: 'What cannot be proven',
      head: ['Playbook', 'Why', 'Plans'],
      rows: unproven.map(({ playbook, why, plans }) => [playbook, why, plans]),
    },
    ...realLists(real),
    {
      name: 'Findings that no playbook answers',
      head: ['Detector', 'Type', 'Findings'],
      rows: unanswered.map(({ source, type, findings }) => [source, type, findings]),
    },
  ]
  return all.filter(({ rows }) => rows.length > 0)
}
