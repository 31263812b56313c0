import type { AnyPlaybook } from '../src/playbook/playbook.ts'
import type { Collection } from '../src/playbook/service/collection.ts'
import type { ServiceDefinition } from '../src/playbook/service/service.ts'
import { blockPublicImages } from './ec2/block-public-images.ts'
import { blockPublicSnapshots } from './ec2/block-public-snapshots.ts'
import { closeOpenIngress } from './ec2/close-open-ingress.ts'
import { encryptNewVolumes } from './ec2/encrypt-new-volumes.ts'
import { requireImdsV2 } from './ec2/require-imdsv2.ts'
import { stopAutoPublicIp } from './ec2/stop-auto-public-ip.ts'
import { unsharePublicImage } from './ec2/unshare-public-image.ts'
import { unsharePublicSnapshot } from './ec2/unshare-public-snapshot.ts'
import { rootAccount } from './iam/root-account.ts'
import { protectFromDeletion } from './rds/protect-from-deletion.ts'
import { blockAccountPublicAccess } from './s3/block-account-public-access.ts'
import { blockPublicAccess } from './s3/block-public-access.ts'
import { enableAccessLogging } from './s3/enable-access-logging.ts'
import { enableVersioning } from './s3/enable-versioning.ts'
import { encryptByDefault } from './s3/encrypt-by-default.ts'
import * as all from './services.ts'
import { patchInstance } from './ssm/patch-instance.ts'
import { removeSoftware } from './ssm/remove-software.ts'
import { unshareDocument } from './ssm/unshare-document.ts'
import { blockAttackerIp } from './wafv2/block-attacker-ip.ts'

/** Every playbook that Rectify knows. A new one is a file of its own and a line here. */
export const playbooks: readonly AnyPlaybook[] = [
  closeOpenIngress,
  unsharePublicSnapshot,
  blockAttackerIp,
  patchInstance,
  requireImdsV2,
  blockPublicAccess,
  protectFromDeletion,
  rootAccount,
  blockPublicImages,
  blockPublicSnapshots,
  encryptNewVolumes,
  stopAutoPublicIp,
  unsharePublicImage,
  blockAccountPublicAccess,
  enableAccessLogging,
  enableVersioning,
  encryptByDefault,
  removeSoftware,
  unshareDocument,
]

/** Every service that they call. */
export const services: readonly ServiceDefinition[] = Object.values(all)

/** What Rectify brings, all of it loaded: for what is generated, and for tests. The program takes `offered.ts`. */
export const ours: Collection<AnyPlaybook> = { playbooks, services }
