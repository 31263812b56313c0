import { accountOf } from '../../account.ts'
import { type Arn, arnOf } from '../../arn.ts'
import { missing } from '../../bad-event.ts'
import { at, text } from '../../fields.ts'
import type { Evidence, Finding, FindingResource, FindingStatus, Origin, Severity } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { resourceNamed } from '../../resource-names.ts'
import type { Told } from '../../wrapping.ts'
import { severityOfNumber, severityOfWord } from '../words.ts'

/** What a finding says in ASFF or in OCSF, before it is asked whose it is. */
export interface Report
  extends Pick<
    Finding,
    'id' | 'title' | 'severity' | 'status' | 'account' | 'region' | 'partition' | 'resources' | 'observedAt'
  > {
  /** Where Security Hub keeps it, if it does. */
  origin: Origin
  /** The product of Security Hub that it comes from: `aws/guardduty`, `prowler/prowler`, `123456789012/default`. */
  product: string
  /** Whether it went through Security Hub, as far as it shows. */
  passedOn: boolean
  generator?: string
  /** Of what kind, in the taxonomy of ASFF or the detector's own words. */
  types: string[]
  /** The control of Security Hub. */
  control?: string
  /** What ASFF calls ProductFields: texts under the names that the detector gave them. */
  own: Fields
  body: Fields
}

/** Whose a report is, and what that detector would have said. */
export interface Passed extends Pick<Finding, 'source' | 'type' | 'id'> {
  status?: FindingStatus
  count?: number
  resources?: FindingResource[]
  evidence?: Evidence
}

/** The product that is Security Hub itself, with its controls. */
export const SECURITY_HUB = 'aws/securityhub'
export const PROWLER = 'prowler/prowler'

/** A resource as the report lists it. */
export interface Listed {
  type?: string
  id?: string
  region?: string
  account?: string
}

/** What a report lists, and where its fields are called what. */
export interface Listing {
  listed: Listed[]
  account: { field: string; said: (string | undefined)[] }
  region: { field: string; said: (string | undefined)[] }
}

/** The name of a resource: text, for a number in its place is no name that was written. */
export function named(resource: unknown, field: string): string | undefined {
  return typeof at(resource, field) === 'string' ? text(resource, field) : undefined
}

/** A detector's placeholder for an id that it does not know or does not tell. */
const NOBODY = /^(AWS::\w*::\w+:)?(null|\*+)$/

/**
 * Where a report's resources are, and what they are. The first resource decides the account and the region, because a
 * report may be a copy in an administrator's account or an aggregation region; a resource elsewhere is left out, as a
 * finding speaks of one account and region only.
 * @throws BadEvent `missingField` when account or region are not told
 */
export function placed({
  listed,
  account,
  region,
}: Listing): Pick<Finding, 'account' | 'region' | 'partition' | 'resources'> {
  const told = listed.filter(({ id }) => id !== undefined && !NOBODY.test(id))
  const first = told[0] ?? listed[0]
  const arn = arnOf(first?.id)
  const itsAccount = accountOf(account.field, arn?.account, first?.account, ...account.said)
  const itsRegion = regionOf(region.field, arn?.region, first?.region, ...region.said)
  return {
    account: itsAccount,
    region: itsRegion,
    partition: partitionOf(itsRegion, arn === undefined ? undefined : first?.id),
    resources: told
      .filter((each) => isThere(each, arnOf(each.id), itsAccount, itsRegion))
      .map(({ type, id }) => resourceNamed(type, id))
      .filter((each): each is FindingResource => each !== undefined),
  }
}

/**
 * Whose copy a report is, and of which region, where that is not where its resources are.
 * @param written what the report says of itself, for one that no event brought
 */
export function copyIn(
  told: Told,
  { account, region }: Pick<Finding, 'account' | 'region'>,
  written: { account: string | undefined; region: string | undefined },
): Pick<Origin, 'account' | 'region'> {
  const [itsAccount = account, itsRegion = region] = [
    told.account ?? written.account,
    told.region ?? written.region,
  ]
  return {
    ...(itsAccount !== account && { account: itsAccount }),
    ...(itsRegion !== region && { region: itsRegion }),
  }
}

function isThere(each: Listed, arn: Arn | undefined, account: string, region: string): boolean {
  const itsAccount = arn?.account ?? each.account ?? account
  const itsRegion = arn?.region ?? each.region ?? region
  return itsAccount === account && itsRegion === region
}

/**
 * One scale from a label (any case) or a number from 0 to 100.
 * @throws BadEvent `missingField` when neither can be read; `field` is the one to blame
 */
export function severityOf(
  field: string,
  label: string | undefined,
  normalized: number | undefined,
): Severity {
  const labelled = label?.toLowerCase() === 'fatal' ? 'CRITICAL' : severityOfWord(label)
  if (labelled !== undefined) return labelled
  if (normalized === undefined || normalized < 0 || normalized > 100) {
    throw missing(field, `${field} is missing or not a known severity`)
  }
  return severityOfNumber(normalized)
}

/** Of all that places of a report say of its state, the weightiest reason against acting. */
export function firstAgainst(reasons: readonly FindingStatus[]): FindingStatus {
  const order: FindingStatus[] = ['archived', 'suppressed', 'muted', 'passed', 'resolved', 'notice']
  return order.find((each) => reasons.includes(each)) ?? 'active'
}

/** `aws/guardduty` of `arn:aws:securityhub:us-east-1::product/aws/guardduty`, also of `productv2` and misspelled. */
export function productOf(arn: string | undefined): string | undefined {
  return /^arn:.*:product(?:v2)?\/([\w.-]+\/[\w.-]+)$/.exec(arn ?? '')?.[1]
}
