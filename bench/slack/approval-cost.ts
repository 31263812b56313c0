/** Arithmetic on what was counted: what Slack adds to 1,000 approvals, and to a month in which nothing happens. */
import { ROOT } from '../../src/sandbox/stack/template.ts'
import { alarmsIn, amount, compute, POLLS, PRICE, type Row, RUNS, requests } from '../storm/cost.ts'
import type { Life } from './approval-life.ts'

/** Of an approval without Slack with its run: docs/operations.md has both, counted by a storm. */
const UNITS_WITHOUT_SLACK = { write: 23 + 17, read: 6 + 13 }

/** What Slack adds to 1,000 approvals that come one at a time. */
export function costOfApprovals({ approvals, functions, sent, table }: Life): Row[] {
  const scaled = (count: number) => (count * RUNS) / approvals
  const { cards, slack } = functions
  const write = table.writeUnits / approvals - UNITS_WITHOUT_SLACK.write
  const read = table.readUnits / approvals - UNITS_WITHOUT_SLACK.read
  const logGb = scaled(cards.logBytes + slack.logBytes) / 1e9
  return [
    requests('cards queue', scaled(sent), scaled(cards.count), PRICE.fifoRequest),
    compute('cards', cards, scaled),
    compute('receiver', slack, scaled),
    {
      what: 'table, writes',
      arithmetic: `(${amount(write + UNITS_WITHOUT_SLACK.write)} - ${UNITS_WITHOUT_SLACK.write} units) × 1,000 × 0.625/M`,
      dollars: write * RUNS * PRICE.writeUnit,
    },
    {
      what: 'table, reads',
      arithmetic: `(${amount(read + UNITS_WITHOUT_SLACK.read)} - ${UNITS_WITHOUT_SLACK.read} units) × 1,000 × 0.125/M`,
      dollars: read * RUNS * PRICE.readUnit,
    },
    {
      what: 'logs',
      arithmetic: `${amount((logGb * 1e6) / RUNS)} kB × 1,000 × ${PRICE.logGb}`,
      dollars: logGb * PRICE.logGb,
    },
  ]
}

/** What Slack adds to a month without findings. */
export function costOfMonthWithSlack(): Row[] {
  const alarms = alarmsIn(ROOT, 'HasSlack')
  return [
    {
      what: 'Lambda polling the queue of cards',
      arithmetic: '5 long polls of 20 s = 648,000 requests × 0.50/M',
      dollars: POLLS * PRICE.fifoRequest,
    },
    { what: 'alarms', arithmetic: `${alarms} × 0.10`, dollars: alarms * PRICE.alarm },
  ]
}
