import type { AnyPlaybook } from '../src/playbook/playbook.ts'
import type { Collection } from '../src/playbook/service/collection.ts'
import type { ServiceDefinition } from '../src/playbook/service/service.ts'
import { config } from './config/service.ts'
import { closeOpenIngress } from './ec2/close-open-ingress.ts'
import { requireImdsV2 } from './ec2/require-imdsv2.ts'
import { ec2 } from './ec2/service.ts'
import { unsharePublicSnapshot } from './ec2/unshare-public-snapshot.ts'
import { protectFromDeletion } from './rds/protect-from-deletion.ts'
import { rds } from './rds/service.ts'
import { blockPublicAccess } from './s3/block-public-access.ts'
import { s3 } from './s3/service.ts'
import { patchInstance } from './ssm/patch-instance.ts'
import { ssm } from './ssm/service.ts'
import { blockAttackerIp } from './wafv2/block-attacker-ip.ts'
import { wafv2 } from './wafv2/service.ts'

/** Every playbook that Rectify knows. A new one is a file of its own and a line here. */
export const playbooks: readonly AnyPlaybook[] = [
  closeOpenIngress,
  unsharePublicSnapshot,
  blockAttackerIp,
  patchInstance,
  requireImdsV2,
  blockPublicAccess,
  protectFromDeletion,
]

/** Every service that they call. A new one is a folder of its own and a line here. */
export const services: readonly ServiceDefinition[] = [config, ec2, rds, s3, ssm, wafv2]

/** What Rectify brings. */
export const ours: Collection = { playbooks, services }
