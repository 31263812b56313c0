/** What is wrong with Slack. A test may change all of it at any time. */
export interface SlackFaults {
  /**
   * Nothing takes effect: `reset` cuts the connection, `hang` keeps it open, `stall` begins an answer and never ends it,
   * `unavailable` is a 503 without content, `html` a 502 with a page, `page` a 200 with one. Undefined: it is up.
   */
  down: 'reset' | 'hang' | 'stall' | 'unavailable' | 'html' | 'page' | undefined
  /** Everything takes this much longer, ms. */
  delayMs: number
  /** So many of the next calls take effect and are never answered. */
  loseAnswers: number
  /** In which way: the connection is cut, nothing comes, or the answer begins and never ends. */
  lostBy: 'cut' | 'hang' | 'stall'
  /** So many of the next calls are answered 429. */
  limit: number
  /** With that 429, seconds. */
  retryAfter: number
  /** 200: the same refusal in the other form that there is, `{ ok: false, error: 'ratelimited' }`. */
  limitStatus: 429 | 200
  /** Of these methods only (`chat.postMessage`, `response_url`); empty: of all. */
  methods: string[]
}

export type Trouble = Exclude<SlackFaults['down'], undefined> | 'limited'

/** Faults are what they are until they are changed; counts go down with each call that they strike. */
export interface FaultState {
  faults: SlackFaults
  delay(method: string): number
  /** What happens in place of the call. */
  trouble(method: string): Trouble | undefined
  /** Whether the answer of a call that took effect is lost. */
  loses(method: string): boolean
  reset(): void
}

const none = (): SlackFaults => ({
  down: undefined,
  delayMs: 0,
  loseAnswers: 0,
  lostBy: 'cut',
  limit: 0,
  retryAfter: 1,
  limitStatus: 429,
  methods: [],
})

export function faultState(): FaultState {
  const faults = none()
  const meant = (method: string) => faults.methods.length === 0 || faults.methods.includes(method)
  return {
    faults,
    delay: (method) => (meant(method) ? faults.delayMs : 0),
    trouble(method) {
      if (!meant(method)) return undefined
      if (faults.down !== undefined) return faults.down
      if (faults.limit <= 0) return undefined
      faults.limit--
      return 'limited'
    },
    loses(method) {
      if (!meant(method) || faults.loseAnswers <= 0) return false
      faults.loseAnswers--
      return true
    },
    reset() {
      Object.assign(faults, none())
    },
  }
}
