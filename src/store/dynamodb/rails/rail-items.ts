import { StoreError } from '../../store-error.ts'
import type { Rails } from '../../stored-rails.ts'

/** What guard rails keep, as items of the run table. */
export function railItems(): Omit<Rails, 'control' | 'setControl'> {
  const refused = async () => {
    throw new StoreError('unusable', 'guard rails are not kept in DynamoDB')
  }
  return {
    controls: refused,
    setControlOf: refused,
    allControls: refused,
    takeToken: refused,
    dropToken: refused,
    tokens: refused,
    clearTokens: refused,
    putExemption: refused,
    exemptionsOf: refused,
    exemptions: refused,
    endExemption: refused,
  }
}
