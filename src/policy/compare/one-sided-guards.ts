import { namePattern } from '../resource-patterns.ts'
import type { Exemption, Policy, PolicyFromFile } from '../rules.ts'

export type BothPolicies = readonly [from: PolicyFromFile, to: PolicyFromFile]

/** Exemptions and `never` of two policies. What both have holds back the same in both, whatever a resource is called. */
export interface Guards {
  /** Patterns of those that only one of the two has. */
  ofOne: readonly string[]
  /** When exemptions end that only one of the two has: ms since 1970, in order. */
  ends: readonly number[]
  /** The policies without what both have for own names. */
  nameless: BothPolicies
  /** The policies without what both have. */
  bare: BothPolicies
}

/** Tells apart which exemptions and patterns of `never` are those of one policy only. Pure. */
export function guardsOf([from, to]: BothPolicies): Guards {
  const [a, b] = [keysOf(from.policy), keysOf(to.policy)]
  const common = new Set([...a.keys()].filter((key) => b.has(key)))
  const ofOne = [...a, ...b].filter(([key]) => !common.has(key)).map(([, guard]) => guard)
  const ends = ofOne.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)]))
  const without = (isMeant: (pattern: string) => boolean): BothPolicies => {
    const strip = (policy: PolicyFromFile) =>
      stripped(policy, (key, pattern) => common.has(key) && isMeant(pattern))
    return [strip(from), strip(to)]
  }
  return {
    ofOne: ofOne.map(({ pattern }) => pattern),
    ends: [...new Set(ends)].sort((x, y) => x - y),
    nameless: without((pattern) => namePattern(pattern) !== undefined),
    bare: without(() => true),
  }
}

interface Guard {
  pattern: string
  until?: string
}

function keysOf({ never, exemptions }: Policy): Map<string, Guard> {
  return new Map<string, Guard>([
    ...never.resources.map((pattern): [string, Guard] => [neverKey(pattern), { pattern }]),
    ...exemptions.map((each): [string, Guard] => [
      exemptionKey(each),
      { pattern: each.resource, until: each.until },
    ]),
  ])
}

const neverKey = (pattern: string): string => `never ${pattern}`

/** What is exempted, and until when. */
function exemptionKey({ resource, playbook, until }: Exemption): string {
  return JSON.stringify([resource, playbook?.toSorted() ?? null, until])
}

function stripped(given: PolicyFromFile, isOut: (key: string, pattern: string) => boolean): PolicyFromFile {
  const { never, exemptions } = given.policy
  const policy: Policy = {
    ...given.policy,
    never: { ...never, resources: never.resources.filter((pattern) => !isOut(neverKey(pattern), pattern)) },
    exemptions: exemptions.filter((each) => !isOut(exemptionKey(each), each.resource)),
  }
  return { ...given, policy }
}
