import { cloudFrontCertificates } from '../../../playbooks/cloudfront/certificates.ts'
import type { AdviceTable } from '../advice-table.ts'
import { absent } from '../setting-table.ts'
import { ENDING, GOOD, SHA1 } from './certificate-bodies.ts'

const ID = 'E1A2B3C4D5E6F7'
const ACM_ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012'
const inIam = { IAMCertificateId: 'ASCAEXAMPLE' }
const aliases = ['example.com', '*.example.com']
const custom = (OriginProtocolPolicy: string) => ({
  DomainName: 'origin.example.com',
  CustomOriginConfig: { OriginProtocolPolicy, HTTPSPort: 8443 },
})
const bucket = { DomainName: 'site.s3.amazonaws.com', S3OriginConfig: {} }
const atOrigin = { source: 'trustedadvisor', type: 'N430c450f2', id: ID } as const
const another = [
  'aws acm request-certificate',
  `get-distribution-config --id ${ID}`,
  'delete-server-certificate',
]

export const table: AdviceTable = {
  playbook: cloudFrontCertificates,
  finding: { source: 'trustedadvisor', type: 'N425c450f2', id: ID },
  id: ID,
  rows: [
    {
      live: { viewer: inIam, body: ENDING, aliases, origins: [custom('https-only')] },
      leads: {
        outcome: 'notified',
        reason: 'the certificate site in IAM expires on 2026-11-30',
        todo: [
          'aws acm request-certificate --region us-east-1 --domain-name example.com --subject-alternative-names *.example.com --validation-method DNS',
          `get-distribution-config --id ${ID}`,
          'delete-server-certificate --server-certificate-name site',
        ],
      },
    },
    {
      live: { viewer: inIam, body: SHA1, aliases },
      leads: { outcome: 'notified', reason: 'is signed with SHA-1', todo: another },
    },
    {
      live: { viewer: inIam, body: GOOD, aliases: [...aliases, '*.example.org', 'a.b.example.com'] },
      leads: { outcome: 'notified', reason: 'does not name *.example.org, a.b.example.com', todo: another },
    },
    {
      live: { viewer: inIam, body: GOOD, aliases: [...aliases, 'www.example.com'] },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
    {
      live: { viewer: { ACMCertificateArn: ACM_ARN }, detail: { Status: 'EXPIRED', NotAfter: new Date(0) } },
      leads: {
        outcome: 'notified',
        reason: `the certificate ${ACM_ARN} expired on 1970-01-01`,
        todo: ['describe-certificate --region us-east-1'],
      },
    },
    {
      live: {
        viewer: { ACMCertificateArn: ACM_ARN },
        detail: { Status: 'ISSUED', NotAfter: new Date('2030-01-01') },
      },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
    {
      live: { viewer: { CloudFrontDefaultCertificate: true }, origins: [custom('match-viewer'), bucket] },
      finding: atOrigin,
      leads: {
        outcome: 'notified',
        reason: 'the certificate of an origin wrong (origin.example.com:8443)',
        todo: [
          'openssl s_client -connect origin.example.com:8443 -servername origin.example.com',
          'renew it there',
        ],
      },
    },
    {
      live: { viewer: { CloudFrontDefaultCertificate: true }, origins: [custom('http-only'), bucket] },
      finding: atOrigin,
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
    {
      live: { viewer: inIam, body: 'no certificate' },
      leads: { outcome: 'failed', reason: 'IAM gives a certificate that cannot be read' },
    },
    {
      live: { viewer: { IAMCertificateId: 'ASCAOTHER' } },
      leads: { outcome: 'failed', reason: 'the account has no certificate ASCAOTHER in IAM' },
    },
    { live: { viewer: {} }, leads: { outcome: 'failed', reason: 'AWS does not say which certificate' } },
  ],
  madeFor: { 'acm:DescribeCertificate': { viewer: { ACMCertificateArn: ACM_ARN } } },
  aws: (distribution) => ({
    cloudfront: {
      GetDistribution: ({ Id }) => {
        const { isThere, more } = distribution
        if (!isThere) throw absent('cloudfront:GetDistribution', 'NoSuchDistribution')
        const config = {
          ViewerCertificate: more.viewer,
          Aliases: { Items: more.aliases },
          Origins: { Items: more.origins },
        }
        return { Distribution: { Id, DistributionConfig: config } }
      },
      ListTagsForResource: () => ({ Tags: { Items: distribution.tags } }),
    },
    acm: {
      DescribeCertificate: (_, region) => {
        if (region !== 'us-east-1') throw absent('acm:DescribeCertificate', 'ResourceNotFoundException')
        const certificate = { CertificateArn: ACM_ARN, Type: 'AMAZON_ISSUED', InUseBy: [ID] }
        return { Certificate: { ...certificate, ...(distribution.more.detail as object) } }
      },
    },
    iam: {
      ListServerCertificates: () => ({
        ServerCertificateMetadataList: [
          { ServerCertificateId: 'ASCAEXAMPLE', ServerCertificateName: 'site' },
        ],
      }),
      GetServerCertificate: () => ({ ServerCertificate: { CertificateBody: distribution.more.body } }),
    },
  }),
}
