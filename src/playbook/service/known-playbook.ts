import type { AnyPlaybook } from '../playbook.ts'

/** What is known of a playbook before its file is loaded: all that findings and rules are matched by. Plain data. */
export type PlaybookHead = Pick<AnyPlaybook, (typeof HEAD)[number]>

/** The fields of a head, in the order in which it is written. */
export const HEAD = [
  'id',
  'title',
  'resource',
  'ids',
  'arn',
  'alsoNamed',
  'nameOf',
  'tagsOf',
  'answers',
  'ruleParameters',
] as const satisfies readonly (keyof AnyPlaybook)[]

/** A playbook whose file is loaded when something is asked that its head does not say. */
export interface LatePlaybook extends PlaybookHead {
  load(): Promise<AnyPlaybook>
}

/** A playbook that may be asked for: one that is loaded late, or one that is there already, as a user's own are. */
export type KnownPlaybook = LatePlaybook | AnyPlaybook

/** The whole of a playbook. */
export async function loaded(playbook: KnownPlaybook): Promise<AnyPlaybook> {
  return isLate(playbook) ? playbook.load() : playbook
}

export function isLate(playbook: KnownPlaybook): playbook is LatePlaybook {
  return !('inspect' in playbook)
}
