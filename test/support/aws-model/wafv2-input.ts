import { createHash } from 'node:crypto'
import { ResourceType } from '@aws-sdk/client-wafv2'
import ipaddr from 'ipaddr.js'
import { canonicalCidr } from '../../../src/playbook/addresses.ts'
import { type Fields, failure, listOf } from './failure.ts'

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const ARN = /^.{20,2048}$/

/** What WAF asks of its inputs, as its service model (2019-07-29) has it. */
const FORMS: Record<string, RegExp> = {
  Name: /^[\w-]{1,128}$/,
  Id: ID,
  LockToken: ID,
  Scope: /^(CLOUDFRONT|REGIONAL)$/,
  ARN,
  WebACLArn: ARN,
  ResourceType: new RegExp(`^(${Object.values(ResourceType).join('|')})$`),
  Limit: /^([1-9]\d?|100)$/,
  NextMarker: /^.{1,256}$/,
  Description: /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]{1,254}[\w+=:#@/\-,.]$/,
}

const REQUIRED: Record<string, string[]> = {
  ListIPSets: ['Scope'],
  GetIPSet: ['Name', 'Scope', 'Id'],
  UpdateIPSet: ['Name', 'Scope', 'Id', 'Addresses', 'LockToken'],
  ListWebACLs: ['Scope'],
  GetWebACL: [],
  GetRuleGroup: [],
  ListResourcesForWebACL: ['WebACLArn'],
}
const FIELDS: Record<string, string[]> = {
  ListIPSets: ['NextMarker', 'Limit'],
  GetIPSet: [],
  UpdateIPSet: ['Description'],
  ListWebACLs: ['NextMarker', 'Limit'],
  GetWebACL: ['Name', 'Scope', 'Id', 'ARN'],
  GetRuleGroup: ['Name', 'Scope', 'Id', 'ARN'],
  ListResourcesForWebACL: ['ResourceType'],
}

/** Refuses what WAF refuses before it looks at anything: missing and unknown fields, forms, a scope in the wrong place. */
export function checkInput(operation: string, input: Fields, region: string): void {
  const action = `wafv2:${operation}`
  const known = [...REQUIRED[operation]!, ...FIELDS[operation]!]
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  const strange = given.find(([name]) => !known.includes(name))
  if (strange) throw failure(action, 'SerializationException', `${strange[0]} is no field of ${operation}`)
  const missing = REQUIRED[operation]!.find((name) => input[name] === undefined)
  if (missing) throw failure(action, 'ValidationException', `Value null at '${missing}': must not be null`)
  const malformed = given.find(([name, value]) => FORMS[name] && !FORMS[name].test(String(value)))
  if (malformed) {
    throw failure(action, 'ValidationException', `Value '${malformed[1]}' at '${malformed[0]}' is malformed`)
  }
  if (input.Scope === 'CLOUDFRONT' && region !== 'us-east-1') {
    throw failure(action, 'WAFInvalidParameterException', 'The scope is not valid., field: SCOPE_VALUE')
  }
  const byName = ['Name', 'Scope', 'Id'].every((name) => input[name] !== undefined)
  if (known.includes('ARN') && input.ARN === undefined && !byName)
    throw failure(action, 'WAFInvalidParameterException', 'name, scope and id, or the ARN')
}

/** The addresses as WAF stores them; it refuses bare addresses and /0, masks host bits and writes IPv6 out in full. */
export function storedAddresses(given: unknown, version: 'IPV4' | 'IPV6', action: string): string[] {
  const addresses = listOf<string>(given).map((address) => {
    const invalid = () => failure(action, 'WAFInvalidParameterException', `invalid address ${address}`)
    if (address.length > 50 || !ipaddr.isValidCIDR(address)) throw invalid()
    const [parsed, prefix] = ipaddr.parseCIDR(address)
    if (prefix === 0 || (parsed.kind() === 'ipv4') !== (version === 'IPV4')) throw invalid()
    return canonicalCidr(address)
  })
  if (addresses.length > 10_000) throw failure(action, 'WAFLimitsExceededException')
  return [...new Set(addresses)]
}

/** An id as WAF makes them, the same for the same text. */
export function idOf(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex')
  return [8, 4, 4, 4, 12]
    .reduce<string[]>((parts, length) => {
      const from = parts.join('').length
      parts.push(digits.slice(from, from + length))
      return parts
    }, [])
    .join('-')
}
