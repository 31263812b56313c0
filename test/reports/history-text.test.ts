import { describe, expect, test } from '@jest/globals'
import { plain } from '../../src/reports/paint.ts'
import { historyText } from '../../src/reports/run/history-text.ts'
import { sampleRun } from '../support/sample-run.ts'

const at = '2026-11-20T09:00:00.000Z'
const waiting = sampleRun({
  ...{ state: 'waiting', waitingFor: 'approval', outcome: null, waitingUntil: '2026-11-20T13:00:00.000Z' },
  asked: { at, level: 1, reminded: 'half' },
  approval: {
    ...{ channel: 'C0SECOPS', workspace: 'T0ACME', approvers: ['S0ONCALL', 'ann'], quorum: 2 },
    ...{ expiresAfter: 'PT4H', onExpiry: 'decline', escalate: [{ after: 'PT1H', approvers: ['S0LEADS'] }] },
  },
  decisions: [
    {
      verdict: 'approve',
      by: 'slack:T0ACME:U0ANN',
      person: 'ann',
      as: ['ann'],
      at,
      hash: 'sha256:0123456789abcdef00',
    },
    {
      verdict: 'exempt',
      by: 'arn:aws:iam::1:user/bob',
      at,
      hash: 'sha256:0123456789abcdef00',
      until: '2026-12-20T09:00:00.000Z',
      reason: 'bastion',
    },
  ],
})
const lines = (run = waiting) => historyText(run, { audit: [] }, plain).split('\n')

describe('the history of a run', () => {
  test('says who was asked, where, until when, and whom besides', () => {
    expect(lines()).toEqual(
      expect.arrayContaining([
        'Asked',
        expect.stringMatching(
          /2 of S0ONCALL, ann, in Slack C0SECOPS \(T0ACME\), until 2026-11-20T13:00:00.000Z$/,
        ),
        expect.stringMatching(/after PT1H +also S0LEADS$/),
        expect.stringMatching(/reminded +when half of the time was over$/),
      ]),
    )
  })

  test('says who decided by what way, as which person', () => {
    expect(lines()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/approve +slack:T0ACME:U0ANN \(ann\) +slack +0123456789abcdef$/),
        expect.stringMatching(
          /exempt until 2026-12-20T09:00:00.000Z +arn:aws:iam::1:user\/bob +cli +\S+ +bastion$/,
        ),
      ]),
    )
  })

  test('of a run that asked nobody says nothing of it', () => {
    expect(lines(sampleRun())).toEqual([''])
    const { channel: _, approvers: __, ...anybody } = waiting.approval!
    expect(lines({ ...waiting, approval: anybody }).join('\n')).toContain('2 of anybody, until')
  })
})
