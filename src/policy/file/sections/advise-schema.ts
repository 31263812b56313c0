/** What a rule must have shown before `policy advise` proposes to let more go, and what takes it back. */
import * as z from 'zod/mini'
import { type AdviseCriteria, DEFAULT_CRITERIA } from '../../advise/criteria.ts'
import { durationMs } from '../../written-durations.ts'
import { duration } from '../values.ts'

/** Runs are kept no longer. */
const LONGEST_DAYS = 90
const within = duration.check(
  z.refine((iso) => durationMs(iso) <= LONGEST_DAYS * 86_400_000, `must be at most ${LONGEST_DAYS}d`),
)

const number = z.int('must be a whole number')
const most = z.lte(100_000, 'must be at most 100000')
/** Without any evidence nothing is ever proposed. */
const atLeast = number.check(z.gte(1, 'must be at least 1'), most)
const atMost = number.check(z.gte(0, 'must be at least 0'), most)

const { approveAfter, autoAfter, backBeyond } = DEFAULT_CRITERIA

/** What is not named holds as `DEFAULT_CRITERIA` has it. */
export const advise = z
  .strictObject({
    approveAfter: z.prefault(
      z.strictObject({
        rehearsals: z._default(atLeast, approveAfter.rehearsals),
        within: z._default(within, approveAfter.within),
      }),
      {},
    ),
    autoAfter: z.prefault(
      z.strictObject({
        rehearsals: z._default(atLeast, autoAfter.rehearsals),
        approvals: z._default(atLeast, autoAfter.approvals),
        undone: z._default(atMost, autoAfter.undone),
        declined: z._default(atMost, autoAfter.declined),
        within: z._default(within, autoAfter.within),
      }),
      {},
    ),
    backBeyond: z.prefault(
      z.strictObject({
        undone: z._default(atMost, backBeyond.undone),
        declined: z._default(atMost, backBeyond.declined),
        unverified: z._default(atMost, backBeyond.unverified),
        rolledBack: z._default(atMost, backBeyond.rolledBack),
        failed: z._default(atMost, backBeyond.failed),
        within: z._default(within, backBeyond.within),
      }),
      {},
    ),
  } satisfies Record<keyof AdviseCriteria, unknown>)
  .register(z.globalRegistry, {
    description: 'When rectify policy advise proposes to let more go, or less: it changes nothing itself',
  })
