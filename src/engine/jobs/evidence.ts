import type { Finding } from '../../findings/finding.ts'
import { canonicalJson, type Json } from '../../playbook/json.ts'

/** Takes a finding into a list: of one that is there already, the newer version stays. */
export function addFinding(findings: Finding[], finding: Finding): void {
  const known = findings.findIndex(({ id }) => id === finding.id)
  if (known < 0) findings.push(finding)
  else if (findings[known]!.version < finding.version) findings[known] = finding
}

/** Whether each piece of a finding (see `piecesOf`) was in these findings. */
export function covers(known: readonly Finding[], finding: Finding): boolean {
  if (known.includes(finding)) return true
  const seen = new Set(known.flatMap(piecesOf))
  return piecesOf(finding).every((piece) => seen.has(piece))
}

/**
 * What a finding is about, as texts to compare. Whatever a source puts into its evidence counts, so that no kind of
 * evidence (a principal, a key, a package, an image, an object) can be new and pass for known. Of a list each item is
 * a piece as it stands: an address that was seen on port 22 and now on port 443 is new. All that is no list goes with
 * each of them, and the type, because they say what an item means: the same address as a target and as an actor.
 * The name of the rule alone is left out: another rule of the same type and parameters asks for the same.
 */
function piecesOf({
  type,
  resources,
  evidence: { ruleName: _, ruleUnread: __, ...evidence },
}: Finding): string[] {
  const said = Object.entries({
    ...evidence,
    resources: resources.map(({ type, id }) => ({ type, id: lastPart(id) })),
  })
  const isList = ([, value]: (typeof said)[number]): boolean => Array.isArray(value)
  const about = canonicalJson({ type, ...Object.fromEntries(said.filter((each) => !isList(each))) })
  const items = said
    .filter(isList)
    .flatMap(([name, list]) => (list as Json[]).map((item) => `${about} ${name} ${canonicalJson(item)}`))
  return [about, ...items]
}

/** The same resource is named by its id at one time and by its ARN at another. */
function lastPart(id: string): string {
  return /[^:/]*$/.exec(id)?.[0] || id
}
