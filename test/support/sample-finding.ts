import type { Finding } from '../../src/findings/finding.ts'

/** A finding about a group that is open to everybody. */
export function sampleFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: 'finding-1',
    version: '2026-11-20T08:00:00.000Z#1',
    source: 'config',
    type: 'INCOMING_SSH_DISABLED',
    title: 'Port 22 is open to the world',
    severity: 'CRITICAL',
    status: 'active',
    account: '123456789012',
    region: 'eu-central-1',
    partition: 'aws',
    resources: [],
    observedAt: '2026-11-20T08:00:00.000Z',
    evidence: {},
    ...overrides,
  }
}
