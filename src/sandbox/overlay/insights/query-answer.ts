import { isIP } from 'node:net'
import { containsCidr } from 'cidr-tools'
import type { Aggregate, Command, Condition } from './query-language.ts'

/** A log event, by its fields. */
type Fields = Record<string, string>

/** What a query makes of log events: rows of the result, and how many events it kept. */
export function answerOf(
  commands: readonly Command[],
  messages: readonly string[],
): { rows: Fields[]; matched: number } {
  let events: Fields[] = messages.map((message) => ({ '@message': message }))
  for (const command of commands) {
    switch (command.kind) {
      case 'parse':
        events = events.flatMap((event) => parsed(event, command.fields))
        break
      case 'filter':
        events = events.filter((event) => holds(command.condition, event))
        break
      case 'stats': {
        const { columns, by: group } = command
        const rowOf = (those: readonly Fields[]): Fields =>
          Object.fromEntries(columns.map(({ as, by, field }) => [as, aggregated(by, field, those)]))
        if (group === undefined) return { rows: [rowOf(events)], matched: events.length }
        const groups = Map.groupBy(events, (event) => event[group] ?? '')
        const rows = [...groups].map(([value, those]) => ({ [group]: value, ...rowOf(those) }))
        return { rows, matched: events.length }
      }
    }
  }
  return { rows: events, matched: events.length }
}

/** A line of values with blanks between; the last one takes what is left, as a star does. */
function parsed(event: Fields, fields: readonly string[]): Fields[] {
  const values = (event['@message'] ?? '').split(' ')
  if (values.length < fields.length) return []
  const last = fields.length - 1
  const own = fields.map((field, at) => [
    field,
    at === last ? values.slice(last).join(' ') : (values[at] ?? ''),
  ])
  return [{ ...event, ...(Object.fromEntries(own) as Fields) }]
}

function holds(condition: Condition, event: Fields): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((each) => holds(each, event))
    case 'or':
      return condition.of.some((each) => holds(each, event))
    case 'not':
      return !holds(condition.of, event)
    case 'in':
      return condition.values.includes(event[condition.field] ?? '')
    case 'address': {
      const { field, family, range } = condition
      const address = event[field] ?? ''
      return isIP(address) === family && (range === undefined || containsCidr(range, address))
    }
    case 'compare':
      return compares(event[condition.field] ?? '', condition.by, condition.value)
  }
}

/** As numbers where both are, else as text. */
function compares(left: string, by: Extract<Condition, { kind: 'compare' }>['by'], right: string): boolean {
  const numbers = [Number(left), Number(right)] as const
  const areNumbers = left !== '' && !numbers.some(Number.isNaN)
  // What is no number is neither more nor less than one.
  if (!areNumbers && by !== '=' && by !== '!=') return false
  const [a, b] = areNumbers ? numbers : [left, right]
  switch (by) {
    case '=':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

function aggregated(by: Aggregate, field: string, events: readonly Fields[]): string {
  const values = events.map((event) => event[field] ?? '')
  switch (by) {
    case 'count':
      return String(events.length)
    case 'count_distinct':
      return String(new Set(values).size)
    case 'sum':
      // What is no number counts nothing.
      return String(values.reduce((sum, value) => sum + (Number(value) || 0), 0))
    case 'max':
      return values.length === 0 ? '' : String(Math.max(...values.map(Number)))
  }
}
