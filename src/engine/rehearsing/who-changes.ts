import type { Aws, Place } from '../../aws/port.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { DenyingLayer } from '../../run/rehearsed/missing-permission.ts'

/** The IAM role or user by which a change would be made: whom IAM's simulator can be asked about. */
export interface Changer {
  arn: string
  /** The account of the engine, or that of a member. */
  where: Extract<DenyingLayer, 'hub' | 'member'>
}

/** Nobody can be asked about whoever would make the change, and why. */
export interface UnknownChanger {
  unknown: string
}

/** A session that STS gave: its ARN names the role without its path. */
const SESSION = /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\/.+$/
const ENTITY = /^arn:[\w-]+:iam::\d{12}:(role|user)\/.+$/
const ROOT = /^arn:[\w-]+:iam::\d{12}:root$/

/** Asks for the role of a session: only IAM knows its path, and so its ARN. */
export async function whoChanges(aws: Aws, place: Place): Promise<Changer | UnknownChanger> {
  try {
    const [{ account }, arn] = await Promise.all([aws.identity(), aws.changesAs(place.account)])
    const entity = await entityOf(aws, place, arn)
    if (typeof entity !== 'string') return entity
    return { arn: entity, where: place.account === account ? 'hub' : 'member' }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { unknown: `who would make the change cannot be told: ${error.action}: ${error.message}` }
  }
}

async function entityOf(aws: Aws, place: Place, arn: string): Promise<string | UnknownChanger> {
  if (ENTITY.test(arn)) return arn
  const [, RoleName] = SESSION.exec(arn) ?? []
  if (RoleName !== undefined) {
    const reader = aws.reader(place, ['iam:GetRole'], () => undefined)
    const { Role } = await reader.read('iam', 'GetRole', { RoleName })
    return Role?.Arn ?? { unknown: `AWS does not say the ARN of the role ${RoleName}` }
  }
  const what = ROOT.test(arn) ? 'the root user of an account' : arn
  return { unknown: `IAM simulates roles and users only, and not ${what}` }
}
