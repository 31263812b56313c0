import { randomBytes } from 'node:crypto'
import { Refused } from '../workspace-types.ts'

/** Of a `trigger_id`, https://docs.slack.dev/interactivity/handling-user-interaction */
export const TRIGGER_MS = 3_000
const RESPONSE_URL_MS = 30 * 60_000
const RESPONSE_URL_USES = 5

/** Where what is sent to a `response_url` goes. */
export interface ResponsePlace {
  user: string
  channel: string
  /** The message that was clicked on; none for a command. */
  ts?: string
  threadTs?: string
}

/** What an interaction hands out for its receiver to come back with. */
export interface Tickets {
  trigger(user: string): string
  /**
   * Whose trigger it is; a second time is refused.
   * @throws {Refused} `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`
   */
  exchange(trigger: unknown): string
  responsePath(place: ResponsePlace): string
  /** @throws {Refused} `used_url` after five uses, `expired_url` after 30 minutes and for one that never was */
  respondTo(path: string): ResponsePlace
  reset(): void
}

export function tickets(now: () => number, triggerMs = TRIGGER_MS): Tickets {
  const triggers = new Map<string, { user: string; at: number; exchanged: boolean }>()
  const places = new Map<string, { place: ResponsePlace; at: number; uses: number }>()
  const secret = () => randomBytes(16).toString('hex')
  return {
    trigger(user) {
      const id = `${now()}.${triggers.size}.${secret()}`
      triggers.set(id, { user, at: now(), exchanged: false })
      return id
    },
    exchange(id) {
      const trigger = triggers.get(String(id))
      if (!trigger) throw new Refused('invalid_trigger_id')
      if (trigger.exchanged) throw new Refused('exchanged_trigger_id')
      if (now() - trigger.at > triggerMs) throw new Refused('expired_trigger_id')
      trigger.exchanged = true
      return trigger.user
    },
    responsePath(place) {
      const path = secret()
      places.set(path, { place, at: now(), uses: 0 })
      return path
    },
    respondTo(path) {
      const known = places.get(path)
      if (!known || now() - known.at > RESPONSE_URL_MS) throw new Refused('expired_url')
      if (known.uses >= RESPONSE_URL_USES) throw new Refused('used_url')
      known.uses++
      return known.place
    },
    reset() {
      triggers.clear()
      places.clear()
    },
  }
}
