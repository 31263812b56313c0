import type { Reader } from '../../src/playbook/playbook.ts'

export type Scope = 'REGIONAL' | 'CLOUDFRONT'
export type Family = 4 | 6

/** What `GetIPSet` and `UpdateIPSet` want to know of a set. */
export type IpSet = {
  id: string
  name: string
  scope: Scope
  arn: string
}

/** Most entries of a set (a fixed quota of WAF). */
export const CAPACITY = 10_000

/** Where the sets of a scope are made and changed: those of CloudFront in one region, all others where they protect. */
export function regionOf(scope: Scope, region: string): string {
  return scope === 'CLOUDFRONT' ? 'us-east-1' : region
}

/** The sets of a scope in the reader's region. */
export async function ipSets(scope: Scope, aws: Reader): Promise<IpSet[]> {
  const sets = await aws.list('wafv2', 'ListIPSets', { Scope: scope }, 'IPSets')
  return sets.map(({ Id = '', Name = '', ARN = '' }) => ({ id: Id, name: Name, scope, arn: ARN }))
}

/** `arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/rectify-block-v4/a1b2...`; undefined for another ARN. */
export function setOfArn(arn: string): IpSet | undefined {
  const [, scope, name, id] =
    /^arn:[^:]+:wafv2:[^:]*:[^:]*:(regional|global)\/ipset\/([^/]+)\/([^/]+)$/.exec(arn) ?? []
  return name && id ? { id, name, scope: scope === 'global' ? 'CLOUDFRONT' : 'REGIONAL', arn } : undefined
}

/** What a person types to make the set. */
export function createSetCommand(name: string, scope: Scope, family: Family, region: string): string {
  return `aws wafv2 create-ip-set --region ${region} --scope ${scope} --name ${name} --ip-address-version IPV${family} --addresses '[]'`
}
