import type { Close } from '../../state-machines/remediation.ts'

/** The answer of an effect that ends the run. */
export const close = (outcome: Close['outcome'], reason: string): Close => ({
  kind: 'close',
  outcome,
  reason,
})
