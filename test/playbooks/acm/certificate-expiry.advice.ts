import { certificateExpiry } from '../../../playbooks/acm/certificate-expiry.ts'
import type { AdviceTable } from '../advice-table.ts'
import { absent } from '../setting-table.ts'

const ID = '12345678-1234-1234-1234-123456789012'
const ARN = `arn:aws:acm:eu-west-1:123456789012:certificate/${ID}`
const balancer = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188'
// The clock of the tests stands in 2026.
const past = new Date('2026-01-01T00:00:00Z')
const far = new Date('2030-01-01T00:00:00Z')
const used = { Status: 'ISSUED', NotAfter: past, InUseBy: [balancer] }
const record = { Name: '_a1.example.com.', Type: 'CNAME', Value: '_b2.acm-validations.aws.' }

export const table: AdviceTable = {
  playbook: certificateExpiry,
  // As AWS Config names certificates.
  finding: { type: 'ACM_CERTIFICATE_EXPIRATION_CHECK', id: ARN, resourceType: 'AWS::ACM::Certificate' },
  id: ID,
  rows: [
    {
      live: {
        ...used,
        Type: 'AMAZON_ISSUED',
        RenewalSummary: {
          RenewalStatus: 'PENDING_VALIDATION',
          DomainValidationOptions: [
            { DomainName: 'example.com', ValidationStatus: 'PENDING_VALIDATION', ResourceRecord: record },
            { DomainName: 'old.example.com', ValidationStatus: 'SUCCESS', ResourceRecord: record },
            { DomainName: 'mail.example.com', ValidationStatus: 'FAILED', ValidationMethod: 'EMAIL' },
            { DomainName: 'www.example.com', ValidationStatus: 'FAILED', ValidationMethod: 'HTTP' },
          ],
        },
      },
      leads: {
        outcome: 'notified',
        reason: 'the certificate of example.com expired on 2026-01-01',
        todo: [
          'example.com is yours: _a1.example.com. CNAME _b2.acm-validations.aws.',
          'answer the mail that AWS has sent about mail.example.com',
          'show AWS that www.example.com is yours',
          `describe-certificate --region eu-west-1 --certificate-arn ${ARN}`,
          `it is shown by ${balancer}`,
        ],
      },
    },
    {
      live: { ...used, Type: 'IMPORTED' },
      leads: {
        outcome: 'notified',
        reason: 'expired on 2026-01-01',
        todo: ['get a new certificate', 'import-certificate', 'request-certificate', balancer],
      },
    },
    {
      live: { ...used, Type: 'AMAZON_ISSUED', InUseBy: [] },
      leads: {
        outcome: 'notified',
        reason: 'expired',
        todo: ['aws acm delete-certificate --region eu-west-1'],
      },
    },
    {
      live: {
        ...used,
        NotAfter: far,
        Type: 'AMAZON_ISSUED',
        RenewalSummary: { RenewalStatus: 'FAILED', RenewalStatusReason: 'CAA_ERROR' },
      },
      leads: {
        outcome: 'notified',
        reason: 'could not be renewed (CAA_ERROR)',
        todo: ['describe-certificate', balancer],
      },
    },
    {
      live: { ...used, Status: 'VALIDATION_TIMED_OUT', InUseBy: [] },
      leads: { outcome: 'notified', reason: 'is VALIDATION_TIMED_OUT', todo: ['delete-certificate'] },
    },
    {
      // The rule asks for more than is usual.
      live: { ...used, NotAfter: far, Type: 'IMPORTED' },
      finding: {
        type: 'ACM_CERTIFICATE_EXPIRATION_CHECK',
        id: ARN,
        evidence: { ruleParameters: { daysToExpiration: '2000' } },
      },
      leads: {
        outcome: 'notified',
        reason: 'expires on 2030-01-01',
        todo: ['get a new', 'import-', 'request-', balancer],
      },
    },
    {
      live: { ...used, NotAfter: far },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
    {
      live: { Status: 'ISSUED' },
      leads: { outcome: 'failed', reason: 'AWS does not say when the certificate ends' },
    },
    { live: { NotAfter: far }, leads: { outcome: 'failed', reason: 'AWS does not say the state' } },
  ],
  aws: (certificate) => ({
    acm: {
      DescribeCertificate: () => {
        if (!certificate.isThere) throw absent('acm:DescribeCertificate', 'ResourceNotFoundException')
        return { Certificate: { CertificateArn: ARN, DomainName: 'example.com', ...certificate.more } }
      },
      ListTagsForCertificate: () => ({ Tags: certificate.tags }),
    },
  }),
}
