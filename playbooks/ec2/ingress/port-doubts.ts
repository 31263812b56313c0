import type { Finding } from '../../../src/findings/finding.ts'
import { isAboutAll } from './authorized-ports.ts'
import { knowsPorts, portDoubts } from './finding-ports.ts'

/** How a person ends such a doubt. */
const SAY_SO = 'parameters.ports of a rule of the policy says which ports are meant'

/**
 * Why it proves nothing that none of the ports is open to the world; undefined when it does. While the detector says
 * that something is wrong, a default is no evidence. Pure.
 * @param set the policy's word on the ports, which answers for what is not known
 * @param opened which of some ports are open to the world
 */
export function whyNotProven(
  findings: readonly Finding[],
  set: readonly number[] | null,
  opened: (ports: readonly number[]) => readonly number[],
): string | undefined {
  if (set) return undefined
  const { unknown, maybe } = portDoubts(findings)
  if (unknown.length > 0) return `the rule's ports are not known: ${unknown.join('; ')}; ${SAY_SO}`
  const open = opened(maybe)
  if (open.length === 0) return undefined
  return `tcp ${open.join(', ')} is open to the world, and the rule may mean it: it checks that by default, where no parameter says otherwise; ${SAY_SO}`
}

/** What a plan warns of that closes what such a rule usually asks for. */
export function guessWarnings(findings: readonly Finding[], set: readonly number[] | null): string[] {
  const unsure = set ? [] : findings.filter((finding) => !knowsPorts(finding) && !isAboutAll(finding))
  return portDoubts(unsure).unknown.map(
    (why) => `the rule's ports are not known (${why}): closed is what it checks by default`,
  )
}
