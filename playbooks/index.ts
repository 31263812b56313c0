import type { AnyPlaybook } from '../src/playbook/playbook.ts'
import type { Collection } from '../src/playbook/service/collection.ts'
import type { ServiceDefinition } from '../src/playbook/service/service.ts'
import { certificateExpiry } from './acm/certificate-expiry.ts'
import { cloudFrontCertificates } from './cloudfront/certificates.ts'
import { coverAllRegions } from './cloudtrail/cover-all-regions.ts'
import { startLogging } from './cloudtrail/start-logging.ts'
import { validateFiles } from './cloudtrail/validate-files.ts'
import { startRecorder } from './config/start-recorder.ts'
import { publicInstance } from './dms/public-instance.ts'
import { enableRecovery } from './dynamodb/enable-recovery.ts'
import { protectTableFromDeletion } from './dynamodb/protect-from-deletion.ts'
import { blockPublicImages } from './ec2/block-public-images.ts'
import { blockPublicSnapshots } from './ec2/block-public-snapshots.ts'
import { clearDefaultGroup } from './ec2/clear-default-group.ts'
import { closeOpenIngress } from './ec2/close-open-ingress.ts'
import { denyOpenAdminNacl } from './ec2/deny-open-admin-nacl.ts'
import { enableFlowLogs } from './ec2/enable-flow-logs.ts'
import { encryptNewVolumes } from './ec2/encrypt-new-volumes.ts'
import { requireImdsV2 } from './ec2/require-imdsv2.ts'
import { stopAutoPublicIp } from './ec2/stop-auto-public-ip.ts'
import { unsharePublicImage } from './ec2/unshare-public-image.ts'
import { unsharePublicSnapshot } from './ec2/unshare-public-snapshot.ts'
import { makeTagsImmutable } from './ecr/make-tags-immutable.ts'
import { removePublicRepositoryStatement } from './ecr/remove-public-statement.ts'
import { scanOnPush } from './ecr/scan-on-push.ts'
import { vulnerableImage } from './ecr/vulnerable-image.ts'
import { enableFileSystemBackups } from './efs/enable-backups.ts'
import { anonymousAccess } from './eks/anonymous-access.ts'
import { makeEndpointPrivate } from './eks/make-endpoint-private.ts'
import { alignGroup } from './elb/align-group.ts'
import { dropInvalidHeaders } from './elb/drop-invalid-headers.ts'
import { enableAccessLogs } from './elb/enable-access-logs.ts'
import { protectBalancer } from './elb/protect-from-deletion.ts'
import { redirectToHttps } from './elb/redirect-to-https.ts'
import { enableDetector } from './guardduty/enable-detector.ts'
import { narrowRoleTrust } from './iam/narrow-role-trust.ts'
import { rootAccount } from './iam/root-account.ts'
import { strengthenPasswordPolicy } from './iam/strengthen-password-policy.ts'
import { iamUse } from './iam/use.ts'
import { userMfa } from './iam/user-mfa.ts'
import { cancelKeyDeletion } from './kms/cancel-key-deletion.ts'
import { enableRotation } from './kms/enable-rotation.ts'
import { removePublicKeyStatement } from './kms/remove-public-statement.ts'
import { removePublicPermission } from './lambda/remove-public-permission.ts'
import { setRetention } from './logs/set-retention.ts'
import { enableMacie } from './macie/enable.ts'
import { enforceHttps } from './opensearch/enforce-https.ts'
import { copyClusterTagsToSnapshots } from './rds/copy-cluster-tags-to-snapshots.ts'
import { copyTagsToSnapshots } from './rds/copy-tags-to-snapshots.ts'
import { enableBackups } from './rds/enable-backups.ts'
import { enableIamAuthentication } from './rds/enable-iam-authentication.ts'
import { enableMinorUpgrades } from './rds/enable-minor-upgrades.ts'
import { makePrivate } from './rds/make-private.ts'
import { protectClusterFromDeletion } from './rds/protect-cluster-from-deletion.ts'
import { protectFromDeletion } from './rds/protect-from-deletion.ts'
import { unsharePublicDatabaseSnapshot } from './rds/unshare-public-snapshot.ts'
import { enableClusterUpgrades } from './redshift/enable-upgrades.ts'
import { makeClusterPrivate } from './redshift/make-private.ts'
import { spf } from './route53/spf.ts'
import { blockAccountPublicAccess } from './s3/block-account-public-access.ts'
import { blockPublicAccess } from './s3/block-public-access.ts'
import { enableAccessLogging } from './s3/enable-access-logging.ts'
import { enableVersioning } from './s3/enable-versioning.ts'
import { encryptByDefault } from './s3/encrypt-by-default.ts'
import { removePublicGrants } from './s3/remove-public-grants.ts'
import { requireTls } from './s3/require-tls.ts'
import { rotateSecret } from './secretsmanager/rotate.ts'
import { enableSecurityHub } from './securityhub/enable.ts'
import * as all from './services.ts'
import { encryptTopic } from './sns/encrypt-topic.ts'
import { removePublicTopicStatement } from './sns/remove-public-statement.ts'
import { removePublicQueueStatement } from './sqs/remove-public-statement.ts'
import { blockPublicDocuments } from './ssm/block-public-documents.ts'
import { patchInstance } from './ssm/patch-instance.ts'
import { removeSoftware } from './ssm/remove-software.ts'
import { unshareDocument } from './ssm/unshare-document.ts'
import { requiredTagsOn } from './tag/required-tags.ts'
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
  removePublicRepositoryStatement,
  narrowRoleTrust,
  removePublicKeyStatement,
  removePublicPermission,
  removePublicGrants,
  requireTls,
  removePublicTopicStatement,
  removePublicQueueStatement,
  makeTagsImmutable,
  scanOnPush,
  makeEndpointPrivate,
  strengthenPasswordPolicy,
  cancelKeyDeletion,
  enableRotation,
  encryptTopic,
  publicInstance,
  enableRecovery,
  protectTableFromDeletion,
  enableFileSystemBackups,
  enforceHttps,
  copyClusterTagsToSnapshots,
  copyTagsToSnapshots,
  protectClusterFromDeletion,
  enableBackups,
  enableIamAuthentication,
  enableMinorUpgrades,
  makePrivate,
  unsharePublicDatabaseSnapshot,
  enableClusterUpgrades,
  makeClusterPrivate,
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
  blockPublicDocuments,
  coverAllRegions,
  startLogging,
  validateFiles,
  startRecorder,
  alignGroup,
  dropInvalidHeaders,
  enableAccessLogs,
  protectBalancer,
  redirectToHttps,
  enableDetector,
  setRetention,
  enableMacie,
  enableSecurityHub,
  rotateSecret,
  clearDefaultGroup,
  denyOpenAdminNacl,
  enableFlowLogs,
  certificateExpiry,
  cloudFrontCertificates,
  vulnerableImage,
  anonymousAccess,
  iamUse,
  userMfa,
  spf,
  requiredTagsOn,
]

/** Every service that they call. */
export const services: readonly ServiceDefinition[] = Object.values(all)

/** What Rectify brings, all of it loaded: for what is generated, and for tests. The program takes `offered.ts`. */
export const ours: Collection<AnyPlaybook> = { playbooks, services }
