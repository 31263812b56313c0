import type { Grant } from '@aws-sdk/client-s3'
import { canonicalJson, type Json } from '../../../src/playbook/json.ts'

/**
 * Groups that are everybody: without credentials, or with those of any account (S3 user guide, "Amazon S3 predefined
 * groups"). The third group that S3 knows, of log delivery, is one of its own services.
 */
const EVERYBODY = new Map([
  ['http://acs.amazonaws.com/groups/global/AllUsers', 'everybody'],
  ['http://acs.amazonaws.com/groups/global/AuthenticatedUsers', 'every account of AWS'],
])
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery'

/** Whom a grant lets in that lets in the public; undefined for any other. */
export const publicIn = ({ Grantee }: Grant): string | undefined => EVERYBODY.get(Grantee?.URI ?? '')

/** What a public grant is, for a person: `READ to everybody`. */
export const grantText = (grant: Grant): string => `${grant.Permission ?? '?'} to ${publicIn(grant) ?? '?'}`

/** Whether a grant lets in somebody by name, who is neither the owner nor a service of S3. */
export function isOfAnother({ Grantee: { ID, URI } = { Type: undefined } }: Grant, owner: string): boolean {
  return ID !== owner && URI !== LOG_DELIVERY
}

/** Whether two lists grant the same; S3 keeps no order of them. */
export function sameGrants(a: readonly Json[], b: readonly Json[]): boolean {
  const texts = (grants: readonly Json[]) => grants.map((grant) => canonicalJson(grant)).sort()
  return canonicalJson(texts(a)) === canonicalJson(texts(b))
}
