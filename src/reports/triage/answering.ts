import { answerers } from '../../engine/jobs/jobs.ts'
import { nameOfRule, needsParameters } from '../../engine/jobs/known-rules.ts'
import type { Finding } from '../../findings/finding.ts'
import { ruleByName } from '../../findings/sources/config-rules.ts'
import { matchesType } from '../../playbook/matchers.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'

/** Who takes a finding on. */
export interface Answering {
  /** Ids of the playbooks that act on it; none for a finding that is not active. */
  playbooks: string[]
  /** Why there are none; only then. */
  ignored?: string
  /** What only AWS could say, which nobody asks here, and which may change that: a sentence. */
  unknown?: string
}

/** `answerers`, or what knows its answers. */
export type Ask = (...of: Parameters<typeof answerers>) => PlaybookHead[]

/** The playbooks that act on a finding, or why none does. Whether one has something to do shows only when it looks. */
export function answering(
  finding: Finding,
  playbooks: readonly PlaybookHead[],
  ask: Ask = answerers,
): Answering {
  const { status, source, type } = finding
  if (status !== 'active') return { playbooks: [], ignored: status }
  const able = ask(playbooks, finding, {})
  const rule = unknownRule(finding, able)
  const unknown = rule === undefined ? {} : { unknown: rule }
  if (able.length > 0) return { playbooks: able.map(({ id }) => id), ...unknown }
  return { playbooks: [], ignored: `no playbook answers ${source} ${type}`, ...unknown }
}

/** Of so many types of findings it is remembered who answers: of a million findings there are some hundred. */
const MOST_TYPES = 5_000

/**
 * `answerers` for many findings: the playbooks are matched once for each type, and each finding is asked only for what
 * these ask beside it.
 */
export function rememberedAnswerers(): Ask {
  const known = new Map<string, PlaybookHead[]>()
  return (playbooks, finding, options) => {
    const key = `${finding.source} ${finding.type}`
    const found =
      known.get(key) ?? playbooks.filter(({ answers }) => answers.some((each) => matchesType(each, finding)))
    if (known.size < MOST_TYPES) known.set(key, found)
    return answerers(found, finding, options)
  }
}

/** What AWS Config is asked about a finding where it is looked at. */
function unknownRule(finding: Finding, answering: readonly PlaybookHead[]): string | undefined {
  const name = nameOfRule(finding)
  if (name === undefined) return undefined
  if (finding.type === name && ruleByName(name) === undefined)
    return `what rule ${name} is: plan, rehearse and apply ask AWS Config, or the policy says it (configRules)`
  return needsParameters(answering, finding)
    ? `the parameters of rule ${name}, which say what it asks for: plan, rehearse and apply ask AWS Config`
    : undefined
}
