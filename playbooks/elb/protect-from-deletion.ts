import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { BALANCER, switchedOn } from './load-balancers.ts'

const KEY = 'deletion_protection.enabled'

/** Lets nobody delete a load balancer before its protection is taken away. */
export const protectBalancer = defineSetting({
  id: 'elb-protect-from-deletion',
  title: 'Protect a load balancer from deletion',
  about: {
    risk: 'One call or one wrong stack update deletes the load balancer, and with it the name under which all its users come.',
    breaks:
      'Whoever deletes it on purpose (a stack, Terraform, the controller of a Kubernetes cluster) has to take the protection away first, and fails until then. Connections are not touched.',
  },
  implements: ['elb-deletion-protection'],
  ...BALANCER,
  ...switchedOn(KEY),
  answers: [
    config('ELB_DELETION_PROTECTION_ENABLED'),
    securityHub('ELB.6'),
    prowler('elbv2_deletion_protection'),
  ],
  suggestedMode: 'auto',
  effect:
    'deleting the load balancer, by a stack or a controller too, fails until the protection is taken away',
})
