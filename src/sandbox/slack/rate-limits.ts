/** Calls a minute of Slack's tiers: https://docs.slack.dev/apis/web-api/rate-limits */
const TIERS = { 2: 20, 3: 50, 4: 100 } as const
export type Tier = keyof typeof TIERS

/** One message a second and channel, "with short bursts of more": how short is nowhere said. */
const POSTS_BURST = 3

export interface RateLimits {
  /** How fast in comparison with Slack: 1 as Slack, 10 ten times as fast, 0 without limits. */
  scale: number
  /** Takes one call of a method, or says after how many seconds to come again. */
  take(method: string, tier: Tier | 'channel' | undefined, channel: unknown): number | undefined
  reset(): void
}

/** Buckets that fill up by the clock. */
export function rateLimits(scale: number, now: () => number): RateLimits {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const limits: RateLimits = {
    scale,
    take(method, tier, channel) {
      if (limits.scale <= 0 || tier === undefined) return undefined
      const perSecond = (tier === 'channel' ? 1 : TIERS[tier] / 60) * limits.scale
      const size = tier === 'channel' ? POSTS_BURST : TIERS[tier]
      const key = tier === 'channel' ? `${method} ${channel}` : method
      const bucket = buckets.get(key) ?? { tokens: size, at: now() }
      const tokens = Math.min(size, bucket.tokens + (Math.max(0, now() - bucket.at) / 1000) * perSecond)
      const taken = tokens >= 1
      buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at: now() })
      return taken ? undefined : Math.max(1, Math.ceil((1 - tokens) / perSecond))
    },
    reset: () => buckets.clear(),
  }
  return limits
}
