/** `30s`, `30m`, `24h`, `7d`, `2w`. */
const SHORT = /^(\d+)([smhdw])$/
/** ISO 8601 without years and months, which have no fixed length. */
const ISO = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
/** How a duration is written. */
export const WRITTEN_DURATION = new RegExp(`${SHORT.source}|${ISO.source}`)

const SECONDS = [7 * 86_400, 86_400, 3_600, 60, 1]

/** ISO 8601 text of a duration given as ISO 8601 or in the short form; undefined when it is neither. */
export function isoDuration(text: string): string | undefined {
  if (ISO.test(text)) return text
  const [, count, unit = ''] = SHORT.exec(text) ?? []
  if (count === undefined) return undefined
  return `P${'smh'.includes(unit) ? 'T' : ''}${Number(count)}${unit.toUpperCase()}`
}

/** Seconds of an ISO 8601 duration or one in the short form; NaN when it is neither. */
export function durationSeconds(text: string): number {
  const parts = ISO.exec(isoDuration(text) ?? '')?.slice(1)
  return parts ? parts.reduce((sum, part, at) => sum + Number(part ?? 0) * SECONDS[at]!, 0) : Number.NaN
}
