/** How much may be changed, and what stops when it fails or comes back. */
import * as z from 'zod/mini'
import { durationMs } from '../../written-durations.ts'
import { duration } from '../values.ts'

const count = (most: number) =>
  z
    .int('must be a whole number')
    .check(z.gte(1, 'must be at least 1'), z.lte(most, `must be at most ${most}`))

/** What happened is counted no longer than this. */
const LONGEST_DAYS = 90
const window = duration.check(
  z.refine((iso) => durationMs(iso) <= LONGEST_DAYS * 86_400_000, `must be at most ${LONGEST_DAYS}d`),
)

const changes = count(10_000)
const rate = z.strictObject({ times: count(1_000), within: window })

/** All optional: what is not named is not limited. */
export const limits = z.pipe(
  z.nullish(
    z.strictObject({
      changesPerHour: z.exactOptional(changes),
      changesPerAccountPerHour: z.exactOptional(changes),
      changesPerPlaybookPerHour: z.exactOptional(changes),
      affected: z.exactOptional(
        count(100_000).register(z.globalRegistry, {
          description: 'Interfaces or principals that one run may affect',
        }),
      ),
      atOnce: z.exactOptional(
        count(1_000).register(z.globalRegistry, { description: 'Runs that may change something at once' }),
      ),
      attempts: z.exactOptional(rate),
      fights: z.exactOptional(rate),
      breaker: z.exactOptional(
        z.strictObject({ failures: count(1_000), within: window, retryAfter: window }),
      ),
    }),
  ),
  z.transform((given) => given ?? {}),
)
