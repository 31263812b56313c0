/** A request that was sent and has not ended: when it was, in ms of the pace's own clock. */
export type SentAt = number

/** After the first throttles of a storm nothing is sent for so long (ms); then one request asks whether it is over. */
const STOP_MS = 25
/** The slowest: one request in so many ms. */
const LONGEST_GAP_MS = 2_000
/** Below this there is no pace any more: a timer is hardly finer (ms). */
const SHORTEST_GAP_MS = 1
/** Of what got through while the service said "too fast": a little less, so that its next word comes late. */
const OF_MEASURED = 0.9
/** What each answer adds to the rate; more, the more answers there were without a throttle. */
const FASTER = 0.01
const SOON = 12
/** A service that was not asked for so long has forgotten: EC2's buckets are full again after 5 to 10 s. */
const FORGOTTEN_MS = 10_000

/**
 * How fast requests may go to one service in one account and region. Pure: it is told what is sent and answered and
 * says how long to wait. Times in ms of any clock that does not go back.
 *
 * As many as `most` at a time while nothing is throttled. One throttle halves that, and each answer gives one back: a
 * lone one costs nearly nothing. A second one soon after is a storm: stop, ask with one request, and if that is
 * throttled as well go on at an even pace, somewhat below the rate of what got through since the throttle before. That
 * rate is the service's own: its token bucket was empty both times
 * (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html). From there each answer makes it faster, at
 * first slowly, then ever more, until the next throttle or until there is no pace left.
 */
export class Pace {
  readonly #most: number
  /** Most requests under way; only at an even pace the gap alone decides. */
  #window: number
  /** Between two requests (ms); 0: as soon as there is room. */
  #gap = 0
  #openAt = 0
  #underWay = 0
  #lone = false
  #storm = false
  #cutAt = Number.NEGATIVE_INFINITY
  /** Answers since then: of all requests, and of those that were sent since. */
  #answers = 0
  #since = 0
  #endedAt = 0

  constructor(most: number) {
    this.#most = most
    this.#window = most
  }

  /** ms until the next request may be sent; infinity: not before one that is under way has ended. */
  wait(now: number): number {
    if (this.#underWay === 0 && now - this.#endedAt > FORGOTTEN_MS) this.#free()
    if (this.#underWay >= this.#window) return Number.POSITIVE_INFINITY
    return Math.max(0, this.#openAt - now)
  }

  sent(now: number): SentAt {
    this.#underWay += 1
    if (this.#gap > 0) this.#openAt = Math.max(now, this.#openAt) + this.#gap
    return now
  }

  /** The service has taken the request, whatever it said to it. */
  answered(sentAt: SentAt, now: number): void {
    this.#ended(now)
    this.#answers += 1
    if (sentAt < this.#cutAt) return
    this.#since += 1
    if (this.#gap > 0) this.#faster()
    else if (this.#window < this.#most) this.#window += 1
    else this.#free()
  }

  /** The service said: too fast. */
  throttled(sentAt: SentAt, now: number): void {
    this.#ended(now)
    if (!this.#storm && !this.#lone) {
      this.#lone = true
      this.#window = Math.max(1, Math.floor(this.#most / 2))
    } else if (!this.#storm) {
      this.#storm = true
      this.#window = 1
      this.#openAt = now + STOP_MS
    } else if (sentAt >= this.#cutAt) {
      this.#slower(now)
      this.#openAt = now + this.#gap
    } else return
    this.#cutAt = now
    this.#answers = 0
    this.#since = 0
  }

  /** No answer: that says nothing about the pace. */
  lost(_sentAt: SentAt, now: number): void {
    this.#ended(now)
  }

  #ended(now: number): void {
    this.#underWay -= 1
    this.#endedAt = now
  }

  #slower(now: number): void {
    const gap =
      this.#since === 0
        ? 2 * Math.max(STOP_MS, this.#gap)
        : (now - this.#cutAt) / (OF_MEASURED * Math.max(1, this.#answers))
    this.#gap = Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, gap))
    this.#window = this.#most
  }

  #faster(): void {
    this.#gap /= 1 + FASTER * Math.max(1, this.#since / SOON)
    if (this.#gap < SHORTEST_GAP_MS) this.#free()
  }

  #free(): void {
    this.#gap = 0
    this.#openAt = 0
    this.#window = this.#most
    this.#lone = false
    this.#storm = false
  }
}
