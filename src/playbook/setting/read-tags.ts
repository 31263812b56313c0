import { AwsError } from '../aws-error.ts'
import type { LiveTags, Tags } from '../inspection.ts'

/** Tags by a read of their own; an error is an answer: they are unreadable, and the policy cannot decide. */
export async function tagsAt(reading: Promise<Tags | undefined>): Promise<LiveTags | 'gone'> {
  try {
    return (await reading) ?? 'gone'
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { unreadable: error.message, onlyIfAsked: false }
  }
}
