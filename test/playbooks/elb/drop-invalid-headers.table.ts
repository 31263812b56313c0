import { dropInvalidHeaders } from '../../../playbooks/elb/drop-invalid-headers.ts'
import type { SettingTable } from '../setting-table.ts'
import { balancerOfAws, ID, NO_BALANCER, plantBalancer } from './balancer-model.ts'

const KEY = 'routing.http.drop_invalid_header_fields.enabled'
const drops = (on: boolean) => ({ [KEY]: String(on) })

export const table: SettingTable = {
  playbook: dropInvalidHeaders,
  finding: { type: 'ALB_HTTP_DROP_INVALID_HEADER_ENABLED', id: ID },
  id: ID,
  should: drops(true),
  other: drops(false),
  rows: [
    { live: drops(false), leads: 'set' },
    { live: drops(true), leads: { outcome: 'alreadyCompliant', reason: `${KEY}: true already` } },
    {
      live: {},
      more: { Type: 'network' },
      leads: { outcome: 'notApplicable', reason: 'of type network reads no header fields' },
    },
    { live: {}, leads: { outcome: 'failed', reason: `AWS does not say ${KEY}` } },
  ],
  change: 'elasticloadbalancing:ModifyLoadBalancerAttributes',
  wire: {
    plant: (aws) => plantBalancer(aws, 'smuggled', drops(false), { should: drops(true) }),
    missing: NO_BALANCER,
  },
  aws: balancerOfAws,
}
