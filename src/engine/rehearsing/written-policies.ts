/** The policy documents that a call would write. Pure. */

/** A document of IAM's grammar, as a call carries it. */
export interface WrittenPolicy {
  text: string
  /** `resource`: it says who may; `identity`: what its owner may. */
  kind: 'resource' | 'identity'
}

/**
 * Texts anywhere in the input that are such documents: services call the field `Policy`, `PolicyDocument`, `policyText`,
 * or the value of an attribute.
 */
export function writtenPolicies(input: unknown): WrittenPolicy[] {
  if (typeof input === 'string') return policyIn(input)
  if (typeof input !== 'object' || input === null) return []
  return Object.values(input).flatMap(writtenPolicies)
}

function policyIn(text: string): WrittenPolicy[] {
  // Most texts of an input are names: only what could be one is parsed.
  if (!/^\s*\{.*"Statement"/s.test(text)) return []
  const statements = statementsOf(text)
  if (statements.length === 0) return []
  const saysWho = statements.some((each) => 'Principal' in each || 'NotPrincipal' in each)
  return [{ text, kind: saysWho ? 'resource' : 'identity' }]
}

function statementsOf(text: string): object[] {
  const parsed = jsonIn(text)
  if (typeof parsed !== 'object' || parsed === null || !('Statement' in parsed)) return []
  return [parsed.Statement].flat().filter((each) => typeof each === 'object' && each !== null)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Then it is some other text, and AWS would not take it for a policy either.
    return undefined
  }
}
