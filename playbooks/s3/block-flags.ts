import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3'

const FLAGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const
const flags = (on: (flag: (typeof FLAGS)[number]) => boolean) =>
  Object.fromEntries(FLAGS.map((flag) => [flag, on(flag)]))

/** A block of public access, all of it. */
export const ALL_BLOCKED = flags(() => true)

/** A block as it is there: what it does not name is not blocked. */
export const blockSeen = (live: PublicAccessBlockConfiguration = {}) => flags((flag) => live[flag] ?? false)
