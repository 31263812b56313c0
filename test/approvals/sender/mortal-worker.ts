import type { SenderPorts } from '../../../src/approvals/sender/sender-ports.ts'
import type { Around } from '../../engine/killed-process.ts'

/** A worker with something around each call of Slack and each operation of the stores that it makes. */
export function within(ports: SenderPorts, around: Around): Pick<SenderPorts, 'runs' | 'cards' | 'slack'> {
  return {
    runs: surrounded('runs', ports.runs, around),
    cards: surrounded('cards', ports.cards, around),
    slack: surrounded('slack', ports.slack, around),
  }
}

function surrounded<T extends object>(name: string, port: T, around: Around): T {
  const operations = Object.entries(port) as [string, (...given: unknown[]) => Promise<unknown>][]
  const within = operations.map(([operation, work]) => [
    operation,
    (...given: unknown[]) => around(`${name}.${operation}`, () => work(...given)),
  ])
  return Object.fromEntries(within) as T
}
