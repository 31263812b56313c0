import { expect, test } from '@jest/globals'
import { config } from '../../src/playbook/matchers.ts'
import { policyComparison } from '../../src/reports/policy/policy-changes.ts'
import { playbooks, policyOf } from '../policy/fake-playbooks.ts'
import { sampleFinding } from '../support/sample-finding.ts'

test.each([
  ['approval', 1, 2, '{ ports: [22], limits: { prefix: 8 } }', '{ limits: { prefix: 8 }, ports: [22] }'],
  ['parameters', 1, 1, '{ ports: [22] }', '{ ports: [23] }'],
])('what differs is the %s', (what, before, after, from, to) => {
  const answering = playbooks.map((each) => ({ ...each, answers: [config('INCOMING_SSH_DISABLED')] }))
  const side = (quorum: number, parameters: string) => ({
    policy: policyOf(
      `version: 1\nrules: [{ when: { playbook: ec2-close-door }, mode: approve, approval: { quorum: ${quorum} }, parameters: ${parameters} }]`,
    ),
    playbooks: answering,
  })
  const comparison = policyComparison(side(before, from), side(after, to), Date.parse('2026-11-22T12:00:00Z'))
  comparison.add(sampleFinding())
  expect(comparison.result().changes.map((change) => change.what)).toEqual([what])
})
