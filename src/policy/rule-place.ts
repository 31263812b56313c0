import { basename } from 'node:path'
import type { PolicyFromFile, Rule } from './rules.ts'

/** Which rule it is, and where: `rule 2 (rectify.yaml:7)`, `rule 2 (line 7 of the deployed policy: …)`. */
export function rulePlace({ line, text }: Rule, index: number, { file, deployed }: PolicyFromFile): string {
  const where = deployed ? `line ${line} of the deployed policy: ${text}` : `${basename(file)}:${line}`
  return `rule ${index + 1} (${where})`
}

/** The reason of a ruling without the text of its rule, and without what stands behind it. */
export const withoutRuleText = (reason: string): string =>
  reason.replace(/( \(line \d+ of the deployed policy): .*/s, '$1)')
