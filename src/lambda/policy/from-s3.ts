import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import { deployedPolicy } from '../../policy/file/load.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Connection } from '../../store/dynamodb/connection.ts'
import { policyItems } from '../../store/dynamodb/rails/policy-items.ts'
import { logger, policyRefused } from '../observe.ts'
import { ownFolder } from '../own-modules.ts'
import type { PolicyPlace } from '../settings/from-environment.ts'
import { policyObject } from './s3-object.ts'
import { policyInForce } from './version-in-force.ts'

/** The policy of a deployment whose policy lies in S3. In a file of its own: it is loaded where it does. */
export function policyFromS3(
  place: PolicyPlace,
  using: { table: Connection; clock: { now(): number }; playbooks: readonly KnownPlaybook[] },
): () => Promise<LoadedPolicy> {
  const object = `${place.bucket}/${place.key}`
  return policyInForce({
    object: policyObject(place),
    records: policyItems(using.table, object),
    clock: using.clock,
    load: (text, version) =>
      deployedPolicy({ file: `s3://${object}`, text, version }, using.playbooks, ownFolder),
    refused: policyRefused,
    warn: (message) => logger.warn(message),
  })
}
