import { required, text } from '../../fields.ts'
import type { SourceReader } from '../source.ts'
import { isFrom, notice } from '../told-notice.ts'

/** Services whose own events tell that something became of a resource, as CloudTrail tells that somebody called. */
const SERVICES = [
  'kms',
  'ec2',
  'autoscaling',
  'rds',
  's3',
  'iam',
  'backup',
  'organizations',
  'secretsmanager',
  'acm',
]

/**
 * State changes that services tell of themselves: a key was rotated or deleted, an instance started, a launch failed.
 * Told for information; the type is the service and the kind of event (`kms:KMS CMK Deletion`).
 */
export const serviceState: SourceReader = {
  recognises: (_body, told) => SERVICES.some((service) => isFrom(told, `aws.${service}`)),
  read(body, told) {
    const service = required('source', told.source).replace(/^aws\./, '')
    const detailType = required('detail-type', told.detailType)
    const state = text(body, 'state') ?? text(body, 'StatusCode')
    const title = state === undefined ? detailType : `${detailType}: ${state}`
    return notice('cloudtrail', `${service}:${detailType}`, body, told, { title })
  },
}
