import type { AnyPlaybook } from '../src/playbook/playbook.ts'
import { closeOpenIngress } from './ec2/close-open-ingress.ts'
import { unsharePublicSnapshot } from './ec2/unshare-public-snapshot.ts'
import { patchInstance } from './ssm/patch-instance.ts'
import { blockAttackerIp } from './wafv2/block-attacker-ip.ts'

/** Every playbook that Rectify knows. A new one is a file of its own and a line here. */
export const playbooks: readonly AnyPlaybook[] = [
  closeOpenIngress,
  unsharePublicSnapshot,
  blockAttackerIp,
  patchInstance,
]
