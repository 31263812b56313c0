import { expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import { findingsText, timeBoxesText } from '../../src/reports/findings-text.ts'
import { plain } from '../../src/reports/paint.ts'

const finding: Finding = {
  id: 'arn:finding/1',
  version: '1',
  source: 'guardduty',
  type: 'Recon:EC2/PortProbeUnprotectedPort',
  title: 'a port is being probed\u001b[2J',
  severity: 'MEDIUM',
  status: 'active',
  account: '123456789012',
  region: 'eu-central-1',
  partition: 'aws',
  resources: [{ type: 'AWS::EC2::Instance', id: 'i-1' }],
  observedAt: '2026-11-20T09:00:00.000Z',
  evidence: {},
}

test('a finding is told with type, severity, time, title and resource, and obeys no control character', () => {
  expect(findingsText([finding], plain).split('\n')).toEqual([
    'Finding',
    '  guardduty Recon:EC2/PortProbeUnprotectedPort MEDIUM, seen at 2026-11-20T09:00:00.000Z',
    '    title  a port is being probed\\u{1b}[2J',
    '    about  AWS::EC2::Instance i-1',
    '    id     arn:finding/1',
  ])
})

test('what is blocked for a while is told with its end', () => {
  const timeBox = {
    resource: 'set',
    entry: '192.0.2.1/32',
    key: 'k',
    run: 'r',
    until: Date.UTC(2026, 10, 21),
    madeBy: 'r',
  }
  expect(timeBoxesText([timeBox], plain)).toBe('Blocked\n  192.0.2.1/32  until 2026-11-21T00:00:00.000Z')
  expect(timeBoxesText([], plain)).toBe('')
})
