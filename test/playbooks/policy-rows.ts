import type { Fields } from '../support/aws-model/failure.ts'
import type { SettingRow } from './setting-table.ts'

/** A document of AWS's usual kind, as its text. */
export const policyText = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

/** What a table's resource holds: a document by its text, or none. */
export const holding = (...statements: object[]): Fields | null =>
  statements.length === 0 ? null : { policy: policyText(...statements) }

/**
 * From a document of these statements to one of those; none: to no document.
 * @param laidOut how AWS gives back a text that was put
 */
export function edits(
  live: object[],
  should: object[],
  more: Partial<Pick<SettingRow, 'more' | 'caution' | 'changes'>> = {},
  laidOut = (text: string): string => text,
): SettingRow {
  const held = (statements: object[]) =>
    statements.length === 0 ? null : { policy: laidOut(policyText(...statements)) }
  const planned = (statements: object[]) =>
    statements.length === 0 ? null : { policy: JSON.parse(policyText(...statements)) }
  const before = live.length === 0 ? null : { ...planned(live), text: held(live)!.policy }
  return {
    live: held(live),
    should: held(should),
    before,
    after: planned(should),
    leads: 'set',
    ...more,
  }
}

/** A document that is left as it is. */
export function stays(
  live: object[],
  outcome: 'alreadyCompliant' | 'notApplicable' | 'failed',
  reason: string,
  more: Fields = {},
): SettingRow {
  return { live: holding(...live), more, leads: { outcome, reason } }
}

/** A document that AWS holds in this text. */
export const inText = (
  policy: string,
  outcome: 'alreadyCompliant' | 'failed',
  reason: string,
): SettingRow => ({
  live: { policy },
  leads: { outcome, reason },
})
