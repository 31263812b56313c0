import type { Aws, Place } from '../aws/port.ts'
import { byPlace, type Heard, say, type Telling, told } from './hearing.ts'
import type { Word } from './run-words.ts'

/**
 * AWS Config: its rule is evaluated anew. Once a minute and rule is as often as AWS takes it (API reference,
 * StartConfigRulesEvaluation), and one evaluation is about all resources: it counts for every run that was over when it
 * was asked for.
 */
export function tellConfig(clock: { now(): number }): Telling {
  /** When an evaluation was last asked for, ms since 1970 UTC, by account, region and rule. */
  const asked = new Map<string, number>()

  return async (aws, word) => {
    const { placed, unreached } = await byPlace(aws, word.findings)
    const heard: Heard[] = [...unreached]
    for (const { place, findings } of placed) {
      const rules = new Set(findings.flatMap(({ evidence }) => evidence.ruleName ?? []))
      for (const rule of rules) heard.push(await evaluated(aws, place, word, rule))
    }
    return heard
  }

  async function evaluated(aws: Aws, place: Place, word: Word, rule: string): Promise<Heard> {
    const key = `${place.account} ${place.region} ${rule}`
    const last = asked.get(key)
    if (last !== undefined && last >= Date.parse(word.asOf)) return told('evaluation')
    const now = clock.now()
    const named = { ConfigRuleNames: [rule] }
    await say({ aws, place, word }, 'config', 'StartConfigRulesEvaluation', named)
    asked.set(key, now)
    return told('evaluation')
  }
}
