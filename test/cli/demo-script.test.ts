import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { demoPolicy, undoable, wrongEnd } from '../../src/cli/demo/script.ts'
import { decide } from '../../src/policy/decide.ts'
import { parsePolicy } from '../../src/policy/file/load.ts'
import type { Decision, Run } from '../../src/run/run.ts'
import { samplePlan, sampleRun, sampleStep } from '../support/sample-run.ts'

const NOW = '2026-11-29T09:00:00.000Z'
const untouched = (() => {
  const run = sampleRun({ outcome: 'alreadyCompliant' })
  delete run.changedAt
  return run
})()

describe('the demo', () => {
  test('is content when an event was put right, or rightly left alone', () => {
    expect(wrongEnd('ssh-open', { runs: [sampleRun()], ignored: [] })).toBeUndefined()
    expect(wrongEnd('ssh-office-only', { runs: [untouched], ignored: [] })).toBeUndefined()
    expect(
      wrongEnd('ssh-resolved', { runs: [], ignored: [{ finding: 'f', reason: 'resolved' }] }),
    ).toBeUndefined()
  })

  test('is content when the person who was asked said no, and so nothing was put right', () => {
    const decision: Decision = { verdict: 'decline', by: 'slack:T0ACME:U0BEN', at: NOW, hash: 'sha256:1' }
    const left = (decisions: Decision[]): Run => ({ ...untouched, outcome: 'declined', decisions })
    expect(wrongEnd('common-ports-open', { runs: [left([decision])], ignored: [] })).toBeUndefined()
    expect(wrongEnd('common-ports-open', { runs: [left([])], ignored: [] })).toBeDefined()
  })

  test.each<[string, Parameters<typeof wrongEnd>]>([
    ['a run failed', ['ssh-open', { runs: [sampleRun({ outcome: 'failed' })], ignored: [] }]],
    [
      'a run did not end',
      ['ssh-open', { runs: [sampleRun({ outcome: null, state: 'waiting' })], ignored: [] }],
    ],
    ['nothing was put right', ['ssh-open', { runs: [untouched], ignored: [] }]],
    [
      'something was changed that is to be left alone',
      ['ssh-prod-bastion', { runs: [sampleRun()], ignored: [] }],
    ],
  ])('says so when %s', (_, scene) => {
    expect(wrongEnd(...scene)).toBeDefined()
  })

  test('takes back a run that can be', () => {
    const patched = sampleRun({
      plan: samplePlan({ steps: [sampleStep({ undo: { irreversible: 'patches stay' } })] }),
    })
    const closed = sampleRun({ id: '01K00000000000000000000002' })
    expect(undoable([untouched, patched, closed])).toBe(closed)
  })

  test('has a policy that is valid, exempts the bastion and changes the rest by itself', () => {
    const policy = parsePolicy(demoPolicy('sg-0b2c3d4e5f6071829'), '/demo/rectify.yaml', playbooks)
    const mode = (id: string) =>
      decide(
        policy,
        {
          playbook: 'ec2-close-open-ingress',
          source: 'config',
          type: 'INCOMING_SSH_DISABLED',
          severity: 'MEDIUM',
          account: '123456789012',
          region: 'us-east-1',
          resource: { arn: `arn:aws:ec2:us-east-1:123456789012:security-group/${id}`, id },
          tags: {},
        },
        Date.now(),
      ).mode
    expect(mode('sg-0b2c3d4e5f6071829')).toBe('exempted')
    expect(mode('sg-1')).toBe('auto')
  })
})
