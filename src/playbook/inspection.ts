import type { Finding } from '../findings/finding.ts'

/** What a look is for. */
export interface Look {
  /** The first look of a phase reads names, tags and all that decides; a later one only what changed. */
  first: boolean
  /** All findings that the run answers. */
  findings: Finding[]
  /** When it looks (ISO 8601 UTC), for reads that ask for a time. The engine always says it. */
  at?: string
}

export type Tags = Record<string, string>

/**
 * Live tags of whatever `tagsOf` says: one bag; several where a run is about several resources, of which the strictest
 * ruling counts; or why there are none to go by. Tags that AWS did not let us read keep the policy from deciding at all;
 * those that nobody can read (of a kind that has none, of what is gone) only where a rule asks for them.
 */
export type LiveTags = Tags | Tags[] | Unreadable
export interface Unreadable {
  unreadable: string
  /** No text, as the values of tags are: it tells this from a bag, whatever tags somebody gives a resource. */
  onlyIfAsked: boolean
}

/** What a look at the live resource gave. */
export interface Inspection<S> {
  state: S
  /** A first look gives them: one that does not has not read them, which is not the same as none. */
  tags?: LiveTags
  /** The resource's own name, from a first look of a playbook with `nameOf`; left out when it could not be read. */
  name?: string
  /**
   * The VPC that the resource stands in, by its id or by a security group in it, from a first look; left out where it
   * stands in none, or the look does not tell.
   */
  vpc?: InVpc
  /**
   * What the resource is that no run may change, whatever the policy says (`the log archive of the organization`); from
   * a first look.
   */
  untouchable?: string
}

/** Id of a VPC, or of a security group that tells it. */
export type InVpc = string | { group: string }

export interface Gone {
  kind: 'gone'
}

export const gone: Gone = { kind: 'gone' }

export function isGoneLook(value: object): value is Gone {
  return 'kind' in value && value.kind === 'gone'
}
