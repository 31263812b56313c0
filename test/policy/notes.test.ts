import { expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { parsePolicy } from '../../src/policy/load.ts'
import { notesOn } from '../../src/policy/notes.ts'

test.each([
  [1, []],
  [2, [{ line: 3, key: 'rules[0].approval.quorum', message: expect.stringContaining('role') }]],
])('of one role as the only approver and a quorum of %s', (quorum, notes) => {
  const approval = `{ approvers: ["arn:aws:iam::111122223333:role/Ops"], quorum: ${quorum} }`
  const text = `version: 1\nrules:\n  - mode: approve\n    approval: ${approval}\n`
  const loaded = parsePolicy(text, '/policies/rectify.yaml', playbooks)

  expect(loaded.kind === 'file' && notesOn(loaded.policy)).toEqual(notes)
})
