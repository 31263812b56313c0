import { call, type Input } from '../../src/playbook/api.ts'
import type { Merge, MergeStep } from '../../src/playbook/step.ts'
import { CAPACITY, type IpSet } from './ip-set.ts'

/** The step that puts entries (WAF's form, sorted) into a set; its undo takes the same entries out. */
export function blockStep(set: IpSet, entries: string[], expiresAfter: string): MergeStep {
  const { name, scope, id, arn } = set
  const where = { Name: name, Scope: scope, Id: id }
  // Addresses and LockToken come from the executor's own read, right before the write.
  const update = call('wafv2', 'UpdateIPSet', where as Input<'wafv2', 'UpdateIPSet'>)
  const common = {
    field: 'Addresses',
    read: {
      operation: 'GetIPSet',
      input: where,
      set: 'IPSet.Addresses',
      token: 'LockToken',
      // UpdateIPSet without the description would wipe it.
      keep: { Description: 'IPSet.Description' },
    },
    compare: 'cidr',
    limit: CAPACITY,
  } satisfies Partial<Merge>
  return {
    kind: 'merge',
    id: 'block',
    summary: `Block ${entries.join(', ')} in ${name} for ${expiresAfter}`,
    call: update,
    merge: { ...common, add: entries, remove: [], expiresAfter },
    undo: [{ ...update, merge: { ...common, add: [], remove: entries } }],
    permissions: [{ action: 'wafv2:UpdateIPSet', resource: arn }],
  }
}
