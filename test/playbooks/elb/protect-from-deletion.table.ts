import { protectBalancer } from '../../../playbooks/elb/protect-from-deletion.ts'
import type { SettingTable } from '../setting-table.ts'
import { balancerOfAws, ID, NO_BALANCER, plantBalancer } from './balancer-model.ts'

const protection = (on: boolean) => ({ 'deletion_protection.enabled': String(on) })

export const table: SettingTable = {
  playbook: protectBalancer,
  // So AWS Config names it.
  finding: {
    type: 'ELB_DELETION_PROTECTION_ENABLED',
    id: `arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/${ID}`,
  },
  id: ID,
  should: protection(true),
  other: protection(false),
  rows: [
    { live: protection(false), leads: 'set' },
    { live: protection(false), more: { Type: 'network' }, leads: 'set' },
    {
      live: protection(true),
      leads: { outcome: 'alreadyCompliant', reason: 'deletion_protection.enabled: true already' },
    },
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say deletion_protection.enabled' } },
  ],
  change: 'elasticloadbalancing:ModifyLoadBalancerAttributes',
  wire: {
    plant: (aws) => plantBalancer(aws, 'unprotected', protection(false), { should: protection(true) }),
    missing: NO_BALANCER,
  },
  aws: balancerOfAws,
}
