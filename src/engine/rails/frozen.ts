import { severestOf } from '../../findings/finding.ts'
import { frozenBy } from '../../policy/freezes/freeze.ts'
import { iso } from '../drive/facts.ts'
import type { Rail } from './rail.ts'

/**
 * A freeze of the policy that makes no exception for so severe a finding. What a person takes back may be taken back at
 * any time, and so may what was meant to last for a time only.
 */
export const freeze: Rail = async ({ run, ports, policy }) => {
  if (run.undoOf !== undefined) return undefined
  const frozen = frozenBy(policy, { severity: severestOf(run.findings) }, ports.clock.now())
  if (!frozen) return undefined
  return { rail: 'freeze', reason: `freeze "${frozen.name}"`, until: iso(frozen.until) }
}
