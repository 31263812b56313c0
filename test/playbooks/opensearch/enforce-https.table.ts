import { enforceHttps } from '../../../playbooks/opensearch/enforce-https.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const TLS = {
  old: 'Policy-Min-TLS-1-0-2019-07',
  plain: 'Policy-Min-TLS-1-2-2019-07',
  secret: 'Policy-Min-TLS-1-2-PFS-2023-10',
  fips: 'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08',
}
const options = (EnforceHTTPS: boolean, TLSSecurityPolicy: string) => ({ EnforceHTTPS, TLSSecurityPolicy })
const CUSTOM = {
  CustomEndpointEnabled: true,
  CustomEndpoint: 'search.example.com',
  CustomEndpointCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
}

function there({ isThere }: LiveResource, action: string): void {
  if (!isThere) throw absent(action, 'ResourceNotFoundException')
}

export const table: SettingTable = {
  playbook: enforceHttps,
  // So AWS Config calls a domain of the first API.
  finding: { type: 'OPENSEARCH_HTTPS_REQUIRED', id: 'search', resourceType: 'AWS::Elasticsearch::Domain' },
  id: 'search',
  should: options(true, TLS.secret),
  other: options(false, TLS.secret),
  rows: [
    { live: options(false, TLS.plain), leads: 'set' },
    {
      live: options(true, TLS.old),
      leads: 'set',
      caution: 'clients that know no newer TLS than 1.1 are refused',
      warning: 'nothing shows who still asks by plain HTTP',
    },
    // What is stronger stays.
    { live: options(false, TLS.fips), should: options(true, TLS.fips), leads: 'set' },
    {
      live: options(false, TLS.old),
      parameters: { tlsPolicy: TLS.old },
      should: options(true, TLS.old),
      leads: 'set',
    },
    {
      live: options(false, TLS.old),
      parameters: { tlsPolicy: TLS.plain },
      should: options(true, TLS.plain),
      finding: { source: 'securityhub', type: 'Opensearch.8' },
      caution: 'no newer TLS than 1.1',
      pends: `Opensearch.8 does not take the TLS policy ${TLS.plain}`,
      leads: 'set',
    },
    {
      live: options(true, TLS.secret),
      finding: { evidence: { ruleParameters: { tlsPolicies: TLS.fips } } },
      leads: { outcome: 'unverified', reason: `does not take the TLS policy ${TLS.secret}` },
    },
    {
      live: { ...options(false, TLS.plain), ...CUSTOM },
      should: { ...options(true, TLS.secret), ...CUSTOM },
      leads: 'set',
    },
    {
      live: options(false, TLS.plain),
      more: { takesLong: true },
      leads: 'set',
      pends: 'OpenSearch Service is still applying it',
    },
    {
      live: options(true, TLS.secret),
      leads: { outcome: 'alreadyCompliant', reason: 'EnforceHTTPS: true' },
    },
    {
      live: options(false, TLS.plain),
      more: { PendingDeletion: true },
      leads: { outcome: 'notApplicable', reason: 'it is being deleted' },
    },
    {
      live: options(false, 'Policy-Min-TLS-1-4-2031-01'),
      leads: { outcome: 'failed', reason: 'its TLS policy Policy-Min-TLS-1-4-2031-01 is not known' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say EnforceHTTPS' } },
  ],
  change: 'es:UpdateDomainConfig',
  wire: {
    async plant({ send }) {
      const DomainName = 'rectify-plain'
      await send('opensearch', 'CreateDomain', {
        DomainName,
        DomainEndpointOptions: { EnforceHTTPS: false, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
      })
      const live = async () => {
        const { DomainConfig } = await send('opensearch', 'DescribeDomainConfig', { DomainName })
        return DomainConfig!.DomainEndpointOptions!.Options
      }
      return { id: DomainName, live, should: options(true, TLS.secret) }
    },
    missing: 'rectify-no-domain',
  },
  aws: (domain) => ({
    opensearch: {
      DescribeDomainConfig: () => {
        there(domain, 'es:DescribeDomainConfig')
        const { takesLong, PendingDeletion = false } = domain.more
        const State = takesLong && domain.values?.EnforceHTTPS ? 'Processing' : 'Active'
        const Options = domain.values ?? {}
        return { DomainConfig: { DomainEndpointOptions: { Options, Status: { State, PendingDeletion } } } }
      },
      ListTags: ({ ARN }) => {
        there(domain, 'es:ListTags')
        if (!String(ARN).endsWith(':domain/search')) throw new TypeError(`tags of ${ARN}`)
        return { TagList: domain.tags }
      },
      UpdateDomainConfig: ({ DomainEndpointOptions }) => {
        there(domain, 'es:UpdateDomainConfig')
        domain.values = DomainEndpointOptions as Fields
        return {}
      },
    },
  }),
}
