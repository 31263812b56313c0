import type { Item } from '../../store/dynamodb/connection.ts'
import { keyOf, objectOfPolicy } from '../../store/dynamodb/keys.ts'
import { policyRecordIn } from '../../store/dynamodb/rails/policy-items.ts'
import type { Words } from './teller.ts'

/** A notice about the policy that lies in S3, and what makes it this one. */
export interface PolicyNotice extends Words {
  /** `BUCKET/KEY` */
  object: string
  revision: number
}

/** What is told of the record of a policy; undefined where its newest version is in force. */
export function policyNotice(image: Item, stack?: string): PolicyNotice | undefined {
  const record = policyRecordIn(image)
  if (record?.refused === undefined) return undefined
  const { revision, refused, inForce } = record
  const object = objectOfPolicy(keyOf(image))
  const stands =
    inForce === undefined
      ? 'No version of it was ever good: nothing is changed until one is.'
      : `In force stays version ${inForce.s3Version} (${inForce.sha256}).`
  return {
    object,
    revision,
    subject: `Rectify: policy refused: s3://${object}`,
    text: [
      `Version ${refused.s3Version} (${refused.sha256}) of s3://${object}${stack === undefined ? '' : `, stack ${stack},`} is refused:`,
      `  ${refused.reason}`,
      '',
      stands,
    ].join('\n'),
  }
}
