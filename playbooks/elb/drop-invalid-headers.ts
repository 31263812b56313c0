import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { BALANCER, switchedOn } from './load-balancers.ts'

const KEY = 'routing.http.drop_invalid_header_fields.enabled'

/** Lets an Application Load Balancer take out header fields whose names no program should understand. */
export const dropInvalidHeaders = defineSetting({
  id: 'elb-drop-invalid-headers',
  title: 'Drop invalid header fields at a load balancer',
  about: {
    risk: 'A header field with a malformed name is read by the load balancer in one way and by the server in another: so requests are smuggled past checks, and other users get their answers.',
    breaks:
      'Programs that send fields with underscores or other characters outside A-Z, 0-9 and the hyphen lose those fields on their way. AWS does not count them beforehand, so see that no server expects one.',
  },
  implements: ['elb-drop-invalid-headers'],
  ...BALANCER,
  ...switchedOn(KEY),
  answers: [
    config('ALB_HTTP_DROP_INVALID_HEADER_ENABLED'),
    securityHub('ELB.4'),
    prowler('elbv2_alb_drop_invalid_header_fields_enabled'),
  ],
  suggestedMode: 'approve',
  unless: ({ own: { Type } }) =>
    Type === 'application' ? undefined : `a load balancer of type ${Type} reads no header fields`,
  effect: 'header fields with names outside A-Z, a-z, 0-9 and the hyphen do not reach the servers any more',
  warnings: () => ['a server that expects a field with an underscore in its name does not get it any more'],
})
