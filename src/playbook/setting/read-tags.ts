import { AwsError } from '../aws-error.ts'
import type { LiveTags, Tags } from '../inspection.ts'
import type { PlaybookDefinition } from '../playbook.ts'

/** Tags by a read of their own; an error is an answer: they are unreadable, and the policy cannot decide. */
export async function tagsAt(reading: Promise<Tags | undefined>): Promise<LiveTags | 'gone'> {
  try {
    return (await reading) ?? 'gone'
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { unreadable: error.message, onlyIfAsked: false }
  }
}

/** Tags by what a look gave; where `tagsOf` says that there are none to be had, that. */
export function tagsSeen(
  tagsOf: PlaybookDefinition<unknown, unknown>['tagsOf'],
  tags: Tags | undefined,
): LiveTags {
  return typeof tagsOf === 'string' ? (tags ?? {}) : { unreadable: tagsOf.none, onlyIfAsked: true }
}
