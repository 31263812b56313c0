import type { Finding } from '../../src/findings/finding.ts'
import { commaSeparated } from '../../src/playbook/comma-separated.ts'
import { type Tags, Unplannable } from '../../src/playbook/playbook.ts'

/** A tag that a resource has to have; no values: whatever it says. */
export interface RequiredTag {
  key: string
  allowed: string[]
}

/** What each required tag is, or is to be. */
export interface Verdict {
  /** Missing, and what they will say. */
  add: Tags
  /** Missing, and nobody tells what they should say: why, one phrase each. */
  untold: string[]
  /** There, with a value that the rule does not allow. */
  wrong: string[]
}

/** The rule has up to six (AWS Config developer guide, "required-tags"). */
const NUMBERS = [1, 2, 3, 4, 5, 6]

/**
 * The tags that the rules of the findings ask for; where a person names the resource, those that the policy has values for.
 * @throws Unplannable where a rule could not be read: what it asks for is not known then
 */
export function requiredTags(findings: readonly Finding[], values: Tags): RequiredTag[] {
  const rules = findings.flatMap(
    ({ source, evidence: { ruleParameters, ruleUnread, ruleName = 'the rule' } }) => {
      if (ruleParameters !== undefined) return [ruleParameters]
      if (source !== 'config') return []
      const why = ruleUnread === undefined ? '' : `: ${ruleUnread}`
      throw new Unplannable(`which tags ${ruleName} asks for is not known${why}`)
    },
  )
  const asked = rules.flatMap((rule) =>
    NUMBERS.flatMap((n): RequiredTag[] => {
      const key = rule[`tag${n}Key`]?.trim()
      return key ? [{ key, allowed: commaSeparated(rule[`tag${n}Value`]) }] : []
    }),
  )
  const all = rules.length > 0 ? asked : Object.keys(values).map((key) => ({ key, allowed: [] }))
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()]
}

/**
 * @param sources who may tell a value, first of all whom the policy believes most: the name of each, and its tags
 */
export function verdictOn(
  required: readonly RequiredTag[],
  live: Tags,
  sources: readonly { name: string; tags: Tags }[],
): Verdict {
  const verdict: Verdict = { add: {}, untold: [], wrong: [] }
  for (const { key, allowed } of required) {
    const isAllowed = (value: string) => allowed.length === 0 || allowed.includes(value)
    if (Object.hasOwn(live, key)) {
      if (!isAllowed(live[key]!))
        verdict.wrong.push(`${key} is "${live[key]}", which the rule does not allow (${allowed.join(', ')})`)
      continue
    }
    const told = toldBy(key, allowed, sources)
    if (/^aws:/i.test(key)) verdict.untold.push(`${key}, which only AWS sets`)
    else if (told === undefined) verdict.untold.push(key)
    else if (isAllowed(told.value) && (verdict.add[key] ?? told.value) === told.value)
      verdict.add[key] = told.value
    else
      verdict.untold.push(
        `${key}, for which ${told.name} says "${told.value}" and the rule allows ${allowed.join(', ')}`,
      )
  }
  return verdict
}

function toldBy(key: string, allowed: readonly string[], sources: readonly { name: string; tags: Tags }[]) {
  const source = sources.find(({ tags }) => Object.hasOwn(tags, key))
  if (source) return { name: source.name, value: source.tags[key]! }
  const [only, ...others] = allowed
  return only !== undefined && others.length === 0 ? { name: 'the rule', value: only } : undefined
}
