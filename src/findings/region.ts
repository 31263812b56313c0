import { missing } from './bad-event.ts'

/** `eu-west-1`, `us-gov-west-1`; `global` is what Config writes for IAM. It becomes part of a host name, so no other. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$|^global$/

export const isRegion = (text: string): boolean => REGION.test(text)

/**
 * The first of some texts that is a region.
 * @throws BadEvent `missingField` when none is; `field` is the one to blame
 */
export function regionOf(field: string, ...candidates: (string | undefined)[]): string {
  const region = candidates.find((each) => each !== undefined && REGION.test(each))
  if (region === undefined) throw missing(field, `${field} is missing or not a region`)
  return region
}

const BY_PREFIX: [prefix: string, partition: string][] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
]

const PARTITION = /^arn:(aws(?:-[a-z]+)*)(?::|$)/

/** The partition that an ARN names, else the one of the region. */
export function partitionOf(region: string, arn?: string): string {
  const named = arn === undefined ? undefined : PARTITION.exec(arn)?.[1]
  if (named !== undefined) return named
  return BY_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
}
