import type { Rejection } from '../../findings/finding.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'

interface Counted {
  source: string
  status: string
  actions: { playbook: string; mode: string; reason: string }[]
  ignored?: string
}

/** Counts findings and what could not be read, by source, playbook and reason; holds none of them. */
export class TriageTally {
  findings = 0
  rejected = 0
  private readonly rows = new Map<string, { cells: [string, string, string]; count: number }>()

  add({ source, status, actions, ignored }: Counted): void {
    this.findings++
    // By the reason itself there would be a row for every type.
    const why = ignored === undefined || status !== 'active' ? ignored : 'no playbook answers'
    if (why !== undefined) this.count(source, '–', `ignored: ${why}`)
    for (const { playbook, mode, reason } of actions) this.count(source, playbook, `${mode}: ${reason}`)
  }

  addRejection({ code }: Pick<Rejection, 'code'>): void {
    this.rejected++
    this.count('–', '–', `unreadable: ${code}`)
  }

  /** A table, the most frequent first; empty as long as there is nothing to sum up. */
  text(paint: Paint): string {
    if (this.findings + this.rejected < 2) return ''
    const rows = [...this.rows.values()].sort((a, b) => b.count - a.count)
    const [head, ...lines] = columns([
      ['count', 'source', 'playbook', 'mode or reason'],
      ...rows.map(({ cells, count }) => [String(count).padStart(5), ...cells]),
    ])
    const unreadable = this.rejected > 0 ? `, ${this.rejected} unreadable` : ''
    return [paint.strong(`${this.findings} findings${unreadable}`), paint.faint(head ?? ''), ...lines].join(
      '\n',
    )
  }

  private count(...cells: [source: string, playbook: string, reason: string]): void {
    const shown = cells.map(visible) as typeof cells
    const key = shown.join('\t')
    const row = this.rows.get(key)
    if (row) row.count++
    else this.rows.set(key, { cells: shown, count: 1 })
  }
}
