const DIGITS = 10

/** The version of a finding, which sorts as text. `time`: ISO 8601 ms UTC; `count`: how often the detector saw it. */
export function version(time: string, count = 0): string {
  const whole = Math.min(Math.max(0, Math.trunc(count)), 10 ** DIGITS - 1)
  return `${time}#${String(whole).padStart(DIGITS, '0')}`
}
