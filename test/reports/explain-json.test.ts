import { expect, test } from '@jest/globals'
import { config } from '../../src/playbook/matchers.ts'
import { explaining } from '../../src/reports/explain/explain-json.ts'
import { explainText } from '../../src/reports/explain/explain-text.ts'
import { plain } from '../../src/reports/paint.ts'
import { playbooks, policyOf } from '../policy/fake-playbooks.ts'
import { sampleFinding } from '../support/sample-finding.ts'

test('what only AWS Config can tell is said, as triage says it', () => {
  const policy = policyOf('version: 1\nrules: []\n')
  const answering = playbooks.map((each) => ({ ...each, answers: [config('INCOMING_SSH_DISABLED')] }))
  const explain = explaining(answering, policy, Date.parse('2026-11-22T12:00:00Z'))
  const unknown = explain(sampleFinding({ type: 'acme-ssh', evidence: { ruleName: 'acme-ssh' } }))
  expect(unknown).toMatchObject({
    actions: [],
    unknown: expect.stringContaining('what rule acme-ssh is: plan, rehearse and apply ask AWS Config'),
  })
  expect(explainText({ findings: [unknown], rejected: [] }, plain)).toContain(
    '  not known: what rule acme-ssh is',
  )
  expect(explain(sampleFinding())).not.toHaveProperty('unknown')
})
