/** How far long work is. */
export interface Pace {
  /** What is done. */
  done: number
  /** How much there is in all, as far as one can tell by now; absent: nobody knows. */
  all?: number
  /** ms since it was begun. */
  ms: number
}

/** Before so many ms a rate is a guess. */
const TOO_EARLY_MS = 2_000

/** `3120 of about 10000, 410 a second, 17 s left`. Pure. */
export function paceText({ done, all, ms }: Pace): string {
  const rate = (done * 1000) / ms
  const isKnown = ms >= TOO_EARLY_MS && done > 0
  const of = all === undefined || all <= done ? '' : ` of about ${Math.round(all)}`
  const left = isKnown && of !== '' ? `, ${timeText(((all ?? done) - done) / rate)} left` : ''
  return `${done}${of}${isKnown ? `, ${rateText(rate)}` : ''}${left}`
}

function rateText(perSecond: number): string {
  return perSecond >= 1
    ? `${Math.round(perSecond)} a second`
    : `${Math.max(1, Math.round(perSecond * 60))} a minute`
}

/** `8 s`, `4 min`, `2 h 5 min`. */
function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
