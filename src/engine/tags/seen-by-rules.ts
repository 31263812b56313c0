import type { Inspection } from '../../playbook/playbook.ts'
import type { AccountPlace } from '../ports.ts'
import type { StandingIn } from './live-tags.ts'

/** What a first look saw of the resource that rules may ask for; nothing of it before. */
export interface SeenByRules extends Pick<Inspection<unknown>, 'tags' | 'name'>, StandingIn {
  /** Where the account stands; absent where no rule asks. */
  organization?: AccountPlace
  /** By the impact of a plan: there from then on, undefined where it does not tell. */
  reachable?: boolean | undefined
}
