import { answerers } from '../engine/intake.ts'
import type { Finding } from '../findings/finding.ts'
import type { AnyPlaybook } from '../playbook/playbook.ts'

/** Who takes a finding on. */
export interface Answering {
  /** Ids of the playbooks that act on it; none for a finding that is not active. */
  playbooks: string[]
  /** Why there are none; only then. */
  ignored?: string
}

/** The playbooks that act on a finding, or why none does. Whether one has something to do shows only when it looks. */
export function answering(finding: Finding, playbooks: readonly AnyPlaybook[]): Answering {
  const { status, source, type } = finding
  if (status !== 'active') return { playbooks: [], ignored: status }
  const able = answerers(playbooks, finding, {})
  if (able.length > 0) return { playbooks: able.map(({ id }) => id) }
  return { playbooks: [], ignored: `no playbook answers ${source} ${type}` }
}
