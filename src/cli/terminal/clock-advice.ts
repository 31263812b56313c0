import { skewTeller } from '../../aws/attempts/clock-skew.ts'
import type { Output } from './output.ts'

const tellers = new WeakMap<Output, (offsetMs: number) => void>()

/** Takes what the SDK's clients see of AWS's clock; a machine whose clock is wrong is told so once, on stderr. */
export function clockSkewOn(output: Output): (offsetMs: number) => void {
  const known = tellers.get(output)
  if (known) return known
  const teller = skewTeller((message) => output.note(output.notePaint.warn(`warning: ${message}`)))
  tellers.set(output, teller)
  return teller
}
