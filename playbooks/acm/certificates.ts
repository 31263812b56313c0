import type { CertificateDetail } from '@aws-sdk/client-acm'
import { Unplannable } from '../../src/playbook/playbook.ts'

/** How long before its end a certificate is due (days): AWS has renewed its own by then (ACM user guide, "Managed renewal"). */
export const DUE_DAYS = 30
const DAY_MS = 86_400_000

/** A time as a day, `2026-11-29`. */
export const day = (time: Date): string => new Date(time).toISOString().slice(0, 10)

/**
 * What is wrong with when a certificate ends; undefined: nothing yet.
 * @param at when it is looked (ISO 8601 UTC)
 * @throws Unplannable where either time is not known: no certificate is good for that
 */
export function ending(
  notAfter: Date | undefined,
  at: string | undefined,
  days = DUE_DAYS,
): string | undefined {
  const left = notAfter === undefined ? Number.NaN : Number(new Date(notAfter)) - Date.parse(at ?? '')
  if (Number.isNaN(left)) throw new Unplannable('AWS does not say when the certificate ends')
  if (left <= 0) return `expired on ${day(notAfter!)}`
  return left <= days * DAY_MS ? `expires on ${day(notAfter!)}` : undefined
}

/** What stands against a certificate beside its end. */
export function stateFault({ Status, RenewalSummary }: CertificateDetail): string | undefined {
  if (Status === undefined) throw new Unplannable('AWS does not say the state of the certificate')
  if (Status !== 'ISSUED' && Status !== 'EXPIRED') return `is ${Status}`
  return RenewalSummary?.RenewalStatus === 'FAILED'
    ? `could not be renewed (${RenewalSummary.RenewalStatusReason ?? 'AWS says no reason'})`
    : undefined
}

/** How a person gets a certificate that is good again: by its kind. */
export function renewal(detail: CertificateDetail, region: string): string[] {
  const { CertificateArn: arn, Type, InUseBy: users = [] } = detail
  if (users.length === 0)
    return [
      `no load balancer and no distribution uses it: aws acm delete-certificate --region ${region} --certificate-arn ${arn}`,
    ]
  if (Type === 'IMPORTED')
    return [
      'get a new certificate for the same names from whoever issued it: what is imported AWS does not renew',
      `and put it in place of the old one, for all that use it: aws acm import-certificate --region ${region} --certificate-arn ${arn} --certificate fileb://certificate.pem --private-key fileb://key.pem --certificate-chain fileb://chain.pem`,
      'or change to one that AWS issues and renews: aws acm request-certificate',
    ]
  return [
    ...validations(detail),
    `see how far AWS is with renewing it: aws acm describe-certificate --region ${region} --certificate-arn ${arn} --query Certificate.RenewalSummary`,
  ]
}

/** What AWS waits for before it issues or renews a certificate. */
function validations({ RenewalSummary, DomainValidationOptions: first = [] }: CertificateDetail): string[] {
  const open = (RenewalSummary?.DomainValidationOptions ?? first).filter(
    ({ ValidationStatus }) => ValidationStatus !== 'SUCCESS',
  )
  return open.map(({ DomainName, ValidationMethod, ResourceRecord: record }) =>
    record
      ? `put the record back by which AWS knows that ${DomainName} is yours: ${record.Name} ${record.Type} ${record.Value}`
      : ValidationMethod === 'EMAIL'
        ? `answer the mail that AWS has sent about ${DomainName}, or change to a certificate that is validated by DNS`
        : `show AWS that ${DomainName} is yours`,
  )
}
