import { X509Certificate } from 'node:crypto'
import type { CertificateDetail } from '@aws-sdk/client-acm'
import type { ViewerCertificate } from '@aws-sdk/client-cloudfront'
import { type Reader, Unplannable } from '../../src/playbook/playbook.ts'
import { ending, stateFault } from '../acm/certificates.ts'

/** The certificate that a distribution shows to browsers. */
export type ServedCertificate =
  /** CloudFront's own, for its own name. */
  | { kind: 'default' }
  | { kind: 'acm'; detail: CertificateDetail }
  | { kind: 'iam'; name: string; certificate: X509Certificate }

/** Where CloudFront takes certificates of ACM from. */
export const ACM_REGION = 'us-east-1'

/** @throws Unplannable where it cannot be told which certificate it is */
export async function servedCertificate(
  aws: Reader,
  {
    CloudFrontDefaultCertificate: isDefault,
    ACMCertificateArn: arn,
    IAMCertificateId: id,
  }: ViewerCertificate = {},
): Promise<ServedCertificate> {
  if (arn) {
    const { Certificate } = await aws
      .at(ACM_REGION)
      .read('acm', 'DescribeCertificate', { CertificateArn: arn })
    if (!Certificate) throw new Unplannable(`AWS does not describe the certificate ${arn}`)
    return { kind: 'acm', detail: Certificate }
  }
  if (!id) {
    if (isDefault) return { kind: 'default' }
    throw new Unplannable('AWS does not say which certificate the distribution shows')
  }
  const stored = await aws.list('iam', 'ListServerCertificates', {}, 'ServerCertificateMetadataList')
  const name = stored.find(({ ServerCertificateId }) => ServerCertificateId === id)?.ServerCertificateName
  if (name === undefined) throw new Unplannable(`the account has no certificate ${id} in IAM`)
  const answer = await aws.read('iam', 'GetServerCertificate', { ServerCertificateName: name })
  return { kind: 'iam', name, certificate: parsed(answer.ServerCertificate?.CertificateBody) }
}

function parsed(body: string | undefined): X509Certificate {
  try {
    return new X509Certificate(body ?? '')
  } catch (cause) {
    throw new Unplannable('IAM gives a certificate that cannot be read', { cause })
  }
}

/** What is wrong with the certificate for the names of a distribution, all that Trusted Advisor looks for. */
export function certificateFaults(
  served: ServedCertificate,
  aliases: readonly string[],
  at: string | undefined,
): string[] {
  if (served.kind === 'default') return []
  if (served.kind === 'acm')
    return [stateFault(served.detail) ?? ending(served.detail.NotAfter, at)].filter(
      (each) => each !== undefined,
    )
  const { certificate } = served
  const end = ending(new Date(certificate.validTo), at)
  const unnamed = aliases.filter((alias) => certificate.checkHost(alias) === undefined)
  return [
    ...(end === undefined ? [] : [end]),
    ...(isSignedBySha1(certificate) ? ['is signed with SHA-1, which browsers do not believe'] : []),
    ...(unnamed.length > 0 ? [`does not name ${unnamed.join(', ')}`] : []),
  ]
}

/** `sha1WithRSAEncryption` and `ecdsa-with-SHA1` as DER (RFC 3279): Node names the algorithm only since its version 22.20. */
const SHA1 = ['06092a864886f70d010105', '06072a8648ce3d0401'].map((hex) => Buffer.from(hex, 'hex'))
const isSignedBySha1 = ({ raw }: X509Certificate): boolean => SHA1.some((oid) => raw.includes(oid))
