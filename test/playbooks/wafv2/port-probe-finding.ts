import type { Evidence, Finding } from '../../../src/findings/finding.ts'

/** A port probe on the web ports of an instance, unless told otherwise. */
export function probe(evidence: Evidence, more: Partial<Finding> = {}): Finding {
  return {
    id: 'f1',
    version: '2026-01-01T00:00:00.000Z#0001',
    source: 'guardduty',
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    title: 'probe',
    severity: 'LOW',
    status: 'active',
    account: '111122223333',
    region: 'eu-central-1',
    partition: 'aws',
    resources: [{ type: 'AWS::EC2::Instance', id: 'i-0abc' }],
    observedAt: '2026-01-01T00:00:00.000Z',
    evidence: { role: 'TARGET', ...evidence },
    ...more,
  }
}

/** Remotes of a probe on one port. */
export const on = (localPort: number, ...addresses: string[]) =>
  addresses.map((address) => ({ address, localPort }))
