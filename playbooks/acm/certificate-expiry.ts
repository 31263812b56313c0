import type { Finding } from '../../src/findings/finding.ts'
import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'
import { allOf, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { acm } from '../services.ts'
import { DUE_DAYS, ending, renewal, stateFault } from './certificates.ts'

const digits = (count: number) => ({ letters: /[0-9a-f]/, least: count, most: count })

const of = (_: string, { resource }: { resource: string }) => ({ CertificateArn: resource })

/** Says what keeps a certificate from being renewed, or that it is nobody's any more. */
export const certificateExpiry = defineAdvice({
  id: 'acm-certificate-expiry',
  title: 'Renew a certificate before it ends',
  about: {
    risk: 'From the minute at which a certificate ends, browsers and programs refuse whatever shows it: the site is down for all of them.',
    breaks: 'Nothing is changed.',
  },
  implements: ['acm-cloudfront-cert'],
  resource: 'AWS::CertificateManager::Certificate',
  alsoNamed: ['AWS::ACM::Certificate'],
  ids: {
    understood: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    forms: [[digits(8), '-', digits(4), '-', digits(4), '-', digits(4), '-', digits(12)]],
    examples: ['12345678-1234-1234-1234-123456789012'],
  },
  arn: 'arn:{partition}:acm:{region}:{account}:certificate/{id}',
  tagsOf: 'the certificate',
  answers: [
    config('ACM_CERTIFICATE_EXPIRATION_CHECK'),
    securityHub('ACM.1'),
    prowler('acm_certificates_expiration_check'),
  ],
  ruleParameters: ['ACM_CERTIFICATE_EXPIRATION_CHECK'],
  look: allOf({
    detail: read(acm, 'DescribeCertificate', of, ({ Certificate }) => {
      if (!Certificate) throw new Unplannable('AWS does not describe the certificate')
      return Certificate
    }),
    tags: read(acm, 'ListTagsForCertificate', of, ({ Tags }) => tagsIn(Tags)),
  }),
  tags: ({ tags }) => tags,
  wrong: ({ detail }, _, { at, findings }) => {
    const fault = stateFault(detail) ?? ending(detail.NotAfter, at, daysIn(findings))
    return fault && `the certificate of ${detail.DomainName ?? 'no name'} ${fault}`
  },
  todo: ({ detail }, { resource }) => [
    ...renewal(detail, partsOf(resource).region),
    ...(detail.InUseBy ?? []).map((user) => `it is shown by ${user}`),
  ],
})

/** How many days before its end the detector asks for a new one: the rule may ask for more than is usual. */
function daysIn(findings: readonly Finding[]): number {
  const asked = findings.map(({ evidence }) => Number(evidence.ruleParameters?.daysToExpiration ?? 0))
  return Math.max(DUE_DAYS, ...asked.filter(Number.isFinite))
}
