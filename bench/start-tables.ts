import type { BundleSize } from './bundle-size.ts'
import type { ColdStart } from './cold-start.ts'
import { table } from './markdown-table.ts'
import type { ReceiverStart } from './slack/receiver-start.ts'

/** Functions of the bundle: how much is read before the first event, and when that was handled. */
export interface Starts {
  runner: { size: BundleSize; start: ColdStart }
  /** Of Slack's clicks. */
  receiver: { size: BundleSize; start: ReceiverStart }
}

export function startTables({ runner, receiver }: Starts): string[] {
  return [
    'The deployed functions: entry chunk with its static imports (kB)',
    '',
    table(
      ['function', 'in all', 'AWS clients', 'without them', 'of it the largest'],
      [
        ['runner', ...sizes(runner.size)],
        ['receiver', ...sizes(receiver.size)],
      ],
    ),
    'From the start of a process to its first event handled, p50 (longest) in ms',
    '',
    table(
      ['event', 'n', 'bundle loaded', 'event handled', 'processor time until then'],
      [
        ['message of the runner', ...times(runner.start)],
        ['genuine click', ...times(receiver.start.genuine)],
        ['forged click', ...times(receiver.start.forged)],
      ],
    ),
  ]
}

function sizes({ all, aws, own, parts }: BundleSize): string[] {
  const kB = (bytes: number) => String(Math.round(bytes / 1000))
  const largest = parts.slice(0, 4).map(([name, bytes]) => `${name} ${kB(bytes)}`)
  return [...[all, aws, own].map(kB), largest.join(', ')]
}

function times({ n, loaded, handled, cpu }: ColdStart): string[] {
  return [String(n), ...[loaded, handled, cpu].map(({ p50, max }) => `${p50} (${max})`)]
}
