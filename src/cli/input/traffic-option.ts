import { type Command, InvalidArgumentError, Option } from 'commander'
import { BadRequest } from '../../engine/refusals.ts'
import type { TrafficQuestion } from '../../engine/rehearsing/traffic/cut-traffic.ts'
import type { Gate } from '../../reports/rehearsal/gates.ts'
import type { RehearseOptions } from '../rehearsing/rehearse-options.ts'
import { numberOf, spanOf } from './run-filter.ts'

/** GB of logs after which a rehearsal has no more read: half a dollar, where CloudWatch charges 0.005 dollars for one. */
const USUAL_GB = 100
const GB = 1_000_000_000

type Options = Pick<RehearseOptions, 'traffic' | 'trafficGb'>

/** Declares whether flow logs are asked. */
export function addTraffic(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--traffic <time>',
        'ask flow logs what traffic of so long (24h, 7d) the changes would cut off; AWS charges for it by GB',
      ).argParser(timeIn),
    )
    .addOption(
      new Option(
        '--traffic-gb <number>',
        `GB of flow logs after which no further query is begun, and those under way are stopped (default: ${USUAL_GB})`,
      ).argParser(numberOf),
    )
}

/** Gates that nothing could stop at where flow logs are not asked. */
const GATES_ON_TRAFFIC: readonly Gate[] = ['traffic', 'unknown-traffic']

/** Throws `BadRequest` for what is about the answers of flow logs where they are not asked. */
export function refuseWithoutTraffic({
  traffic,
  trafficGb,
  failOn = [],
}: Options & { failOn?: readonly Gate[] }): void {
  if (traffic !== undefined) return
  const gate = failOn.find((each) => GATES_ON_TRAFFIC.includes(each))
  const said = trafficGb !== undefined ? '--traffic-gb' : gate && `--fail-on ${gate}`
  if (said) throw new BadRequest('usage', `${said} is about --traffic: say of how long flow logs are asked`)
}

/**
 * What flow logs are asked, where that is wanted.
 * @param until from here on nothing more
 */
export function trafficIn(
  { traffic, trafficGb = USUAL_GB }: Options,
  until: AbortSignal,
): { traffic?: TrafficQuestion } {
  return traffic === undefined ? {} : { traffic: { ms: traffic.ms, mostBytes: trafficGb * GB, until } }
}

/** Flow logs come a quarter of an hour late, and of less than this (ms) they have little to tell. */
const SHORTEST_MS = 3_600_000

function timeIn(text: string): NonNullable<Options['traffic']> {
  const ms = spanOf(text)
  if (ms < SHORTEST_MS) throw new InvalidArgumentError('give an hour or more, such as 24h or 7d.')
  return { text, ms }
}
