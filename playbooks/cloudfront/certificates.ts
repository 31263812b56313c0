import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import type { Finding } from '../../src/findings/finding.ts'
import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { trustedAdvisor } from '../../src/playbook/matchers.ts'
import { type Reader, Unplannable } from '../../src/playbook/playbook.ts'
import { allOf, type Looking, lookCall, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { renewal } from '../acm/certificates.ts'
import { acm, cloudfront, iam } from '../services.ts'
import {
  ACM_REGION,
  certificateFaults,
  type ServedCertificate,
  servedCertificate,
} from './served-certificate.ts'

/** CloudFront SSL certificate on the origin server. */
const ORIGIN_CHECK = 'N430c450f2'

const ARN = 'arn:{partition}:cloudfront::{account}:distribution/{id}'

interface Distribution {
  aliases: string[]
  /** Origins that CloudFront speaks HTTPS with, `host:port`. */
  origins: string[]
  served: ServedCertificate
}

const distribution: Looking<Distribution> = {
  calls: [
    lookCall(cloudfront, 'GetDistribution', { ofOne: true }),
    lookCall(acm, 'DescribeCertificate'),
    lookCall(iam, 'ListServerCertificates'),
    lookCall(iam, 'GetServerCertificate'),
  ],
  async at(aws, { id: Id }) {
    const settings = await settingsOf(aws, Id)
    if (settings === undefined) return undefined
    const served = await servedCertificate(aws, settings.ViewerCertificate)
    return { aliases: settings.Aliases?.Items ?? [], origins: originsIn(settings), served }
  },
}

/** Says which certificate of a distribution is about to end or wrong, and how it is changed for one that renews itself. */
export const cloudFrontCertificates = defineAdvice({
  id: 'cloudfront-certificates',
  title: 'Change a certificate of a distribution',
  about: {
    risk: 'Browsers refuse a site whose certificate has ended or is for another name; where it is that of an origin, CloudFront answers its users with 502.',
    breaks:
      'Nothing is changed: a new certificate has to be for the names under which users come, which its owner proves.',
  },
  implements: ['acm-cloudfront-cert'],
  resource: 'AWS::CloudFront::Distribution',
  ids: {
    understood: /^E[A-Z0-9]{7,30}$/,
    forms: [['E', { letters: /[A-Z0-9]/, least: 7, most: 30 }]],
    examples: ['E1A2B3C4D5E6F7'],
  },
  arn: ARN,
  tagsOf: 'the distribution',
  // CloudFront custom SSL certificates in the IAM certificate store, and on the origin server.
  answers: [trustedAdvisor('N425c450f2', ORIGIN_CHECK)],
  look: allOf({
    live: distribution,
    tags: read(
      cloudfront,
      'ListTagsForResource',
      (_, { resource }) => ({ Resource: resource }),
      ({ Tags }) => tagsIn(Tags?.Items),
    ),
  }),
  readsOn: {
    'acm:DescribeCertificate': [`arn:{partition}:acm:${ACM_REGION}:{account}:certificate/*`],
    'iam:GetServerCertificate': ['arn:{partition}:iam::{account}:server-certificate/*'],
  },
  tags: ({ tags }) => tags,
  wrong: ({ live: { served, aliases, origins } }, _, { at, findings }) => {
    const faults = certificateFaults(served, aliases, at)
    const said = [
      ...(faults.length > 0 ? [`the certificate ${nameOf(served)} ${faults.join(', ')}`] : []),
      ...(isOfOrigin(findings) && origins.length > 0
        ? [
            `Trusted Advisor finds the certificate of an origin wrong (${origins.join(', ')}), which only shows from outside`,
          ]
        : []),
    ]
    return said.length > 0 ? said.join('; ') : undefined
  },
  todo: ({ live: { served, aliases, origins } }, { id }, { at, findings }) => [
    ...(certificateFaults(served, aliases, at).length > 0 ? another(served, aliases, id) : []),
    ...(isOfOrigin(findings) ? origins.flatMap(atOrigin) : []),
  ],
})

const isOfOrigin = (findings: readonly Finding[]): boolean =>
  findings.some(({ type }) => type === ORIGIN_CHECK)

async function settingsOf(aws: Reader, Id: string): Promise<DistributionConfig | undefined> {
  try {
    const settings = (await aws.read('cloudfront', 'GetDistribution', { Id })).Distribution
      ?.DistributionConfig
    if (!settings) throw new Unplannable('AWS does not say how the distribution is set up')
    return settings
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function originsIn({ Origins }: DistributionConfig): string[] {
  return (Origins?.Items ?? []).flatMap(({ DomainName, CustomOriginConfig: custom }) =>
    custom && custom.OriginProtocolPolicy !== 'http-only' ? [`${DomainName}:${custom.HTTPSPort ?? 443}`] : [],
  )
}

function nameOf(served: ServedCertificate): string {
  if (served.kind === 'acm') return String(served.detail.CertificateArn)
  return served.kind === 'iam' ? `${served.name} in IAM` : 'of CloudFront'
}

function another(served: ServedCertificate, aliases: readonly string[], id: string): string[] {
  if (served.kind === 'acm') return renewal(served.detail, ACM_REGION)
  const [first = 'NAME', ...more] = aliases
  const names = `--domain-name ${first}${more.length > 0 ? ` --subject-alternative-names ${more.join(' ')}` : ''}`
  return [
    `ask for a certificate that AWS renews by itself: aws acm request-certificate --region ${ACM_REGION} ${names} --validation-method DNS`,
    `once it is issued put it in place as ViewerCertificate.ACMCertificateArn, in the distribution's stack or by: aws cloudfront get-distribution-config --id ${id}, then aws cloudfront update-distribution --id ${id} --if-match ETAG --distribution-config file://config.json`,
    ...(served.kind === 'iam'
      ? [
          `when nothing shows the old one any more: aws iam delete-server-certificate --server-certificate-name ${served.name}`,
        ]
      : []),
  ]
}

function atOrigin(origin: string): string[] {
  const [host] = origin.split(':')
  return [
    `see what the origin shows: openssl s_client -connect ${origin} -servername ${host} </dev/null | openssl x509 -noout -dates -subject -ext subjectAltName`,
    `renew it there: it has to be for ${host} or for the name that users ask for, and of an authority that CloudFront trusts`,
  ]
}
