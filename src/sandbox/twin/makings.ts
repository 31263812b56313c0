import { canonicalJson } from '../../playbook/json.ts'
import type { Plan } from '../../playbook/plan.ts'
import type { Copies, Making } from '../../playbook/service/copies.ts'
import type { RecordedRead } from './recorded-reads.ts'

/** A call of a copy, in its turn, and where it is sent. */
export interface PlacedMaking extends Making {
  region: string
}

/** How what was read is copied, and what of it is not. */
export interface CopyPlan {
  makings: PlacedMaking[]
  /** What was read and is not made, and why. */
  uncopied: { read: RecordedRead; why: string }[]
  /** What the plan's calls take for granted and no read told of, as their makings call it. */
  assumed: string[]
}

const UNKNOWN = 'nothing says how its answer is made in the emulators'

/** Asked for by a read or a call, in its region. */
type Wanted = { making: Making; region: string }

/**
 * The calls that make a copy of what was read, in their order: what others stand in first, each thing once; then what the
 * plan's calls take for granted, where no read told of it. Pure.
 * @param copies of all services; what several say of one operation is made together
 */
export function copyPlan(
  reads: Iterable<RecordedRead>,
  { steps, region }: Pick<Plan, 'steps' | 'region'>,
  copies: readonly Copies[],
): CopyPlan {
  const wanted: Wanted[] = []
  const uncopied: CopyPlan['uncopied'] = []
  for (const read of reads) {
    const said = copies
      .filter(({ service, of }) => service === read.service && Object.hasOwn(of, read.operation))
      .map(({ of }) => of[read.operation]!(read))
    const makings = said.filter((each) => typeof each !== 'string')
    const [why = UNKNOWN] = said.filter((each) => typeof each === 'string')
    if (makings.length === 0) uncopied.push({ read, why })
    for (const making of makings.flat()) wanted.push({ making, region: read.region })
  }
  const told = new Set(inTheirOrder(wanted).flatMap(({ makes }) => makes ?? []))
  const granted = steps.flatMap(({ call: { service, operation, input } }) =>
    copies
      .filter((each) => each.service === service && Object.hasOwn(each.assumedBy, operation))
      .flatMap((each) => each.assumedBy[operation]!(input, region)),
  )
  const makings = inTheirOrder([...wanted, ...granted.map((making) => ({ making, region }))])
  const assumed = makings.flatMap(({ makes }) => (makes === undefined || told.has(makes) ? [] : [makes]))
  return { makings, uncopied, assumed }
}

function inTheirOrder(wanted: readonly Wanted[]): PlacedMaking[] {
  const fullest = new Map<string, Making>()
  const remember = (making: Making) => {
    for (const other of [...(making.needs ?? []), ...(making.afterwards ?? [])]) remember(other)
    if (making.makes === undefined) return
    const known = fullest.get(making.makes)
    if (known === undefined || (known.isStub && !making.isStub)) fullest.set(making.makes, making)
  }
  for (const { making } of wanted) remember(making)

  const done = new Set<string>()
  const order: PlacedMaking[] = []
  const place = (given: Making, region: string) => {
    const making = given.makes === undefined ? given : fullest.get(given.makes)!
    const key = making.makes === undefined ? canonicalJson([making.call, region]) : `makes ${making.makes}`
    if (done.has(key)) return
    done.add(key)
    for (const need of making.needs ?? []) place(need, region)
    order.push({ ...making, region: making.region ?? region })
    for (const next of making.afterwards ?? []) place(next, region)
  }
  for (const { making, region } of wanted) place(making, region)
  return [...order.filter(({ isLast }) => !isLast), ...order.filter(({ isLast }) => isLast)]
}
