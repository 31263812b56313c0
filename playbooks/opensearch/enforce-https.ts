import type { DomainEndpointOptionsStatus } from '@aws-sdk/client-opensearch'
import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { commaSeparated } from '../../src/playbook/comma-separated.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { opensearch } from '../services.ts'

const ARN = 'arn:{partition}:es:{region}:{account}:domain/{id}'

/** From the weakest to the strongest (API_DomainEndpointOptions). */
const POLICIES = [
  'Policy-Min-TLS-1-0-2019-07',
  'Policy-Min-TLS-1-2-2019-07',
  'Policy-Min-TLS-1-2-PFS-2023-10',
  'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08',
] as const
type TlsPolicy = (typeof POLICIES)[number]
const [TLS_1_0] = POLICIES

const parameters = z.strictObject({
  tlsPolicy: z
    ._default(z.enum(POLICIES), 'Policy-Min-TLS-1-2-PFS-2023-10')
    .check(z.describe('the least that the endpoint asks of TLS; a stronger policy stays')),
})

type Endpoint = {
  EnforceHTTPS: boolean
  TLSSecurityPolicy: TlsPolicy
  CustomEndpointEnabled?: boolean
  CustomEndpoint?: string
  CustomEndpointCertificateArn?: string
}

/** Lets a domain, of OpenSearch or of Elasticsearch, answer by HTTPS only, and by no old version of TLS. */
export const enforceHttps = defineSetting({
  id: 'opensearch-enforce-https',
  title: 'Let a search domain answer by HTTPS only',
  about: {
    risk: 'Whoever sits between a client and the domain reads and changes what they say to each other, passwords too.',
    breaks:
      'Clients that ask by plain HTTP are refused, which nothing shows beforehand. So are clients that know no newer TLS than 1.1, where the domain took them until now: then a person is asked.',
  },
  implements: ['opensearch-https'],
  resource: 'AWS::OpenSearchService::Domain',
  alsoNamed: ['AWS::OpenSearch::Domain', 'AWS::Elasticsearch::Domain'],
  ids: nameIds(/[a-z0-9-]/, 28, ['my-domain']),
  arn: ARN,
  tagsOf: 'the domain',
  property: 'DomainEndpointOptions',
  answers: [
    config('OPENSEARCH_HTTPS_REQUIRED'),
    securityHub('Opensearch.8', 'ES.8'),
    prowler('opensearch_service_domains_https_communications_enforced'),
  ],
  ruleParameters: ['OPENSEARCH_HTTPS_REQUIRED'],
  suggestedMode: 'approve',
  parameters,
  look: read(
    opensearch,
    'DescribeDomainConfig',
    (DomainName) => ({ DomainName }),
    ({ DomainConfig }): Partial<DomainEndpointOptionsStatus> & { vpc?: string | undefined } => ({
      ...DomainConfig?.DomainEndpointOptions,
      vpc: DomainConfig?.VPCOptions?.Options?.VPCId,
    }),
  ),
  tags: read(
    opensearch,
    'ListTags',
    (_, { resource }) => ({ ARN: resource }),
    ({ TagList }) => tagsIn(TagList),
  ),
  vpc: ({ vpc }) => vpc,
  values: endpointOf,
  should: ({ tlsPolicy }, seen) => ({
    ...endpointOf(seen),
    EnforceHTTPS: true,
    TLSSecurityPolicy: stronger(seen, tlsPolicy),
  }),
  set: (DomainName, DomainEndpointOptions) =>
    call('opensearch', 'UpdateDomainConfig', { DomainName, DomainEndpointOptions }),
  changes: [{ action: 'es:UpdateDomainConfig', resource: ARN }],
  unless: ({ Status }) => (Status?.PendingDeletion ? 'it is being deleted' : undefined),
  pending: ({ Status }) =>
    Status?.State === 'Processing' ? 'OpenSearch Service is still applying it' : undefined,
  unproven: (seen, { findings, parameters: { tlsPolicy } }) => {
    const after = stronger(seen, tlsPolicy)
    const unmet = findings.find((finding) => !allowedBy(finding, after))
    return unmet && `${unmet.type} does not take the TLS policy ${after}: say another in parameters.tlsPolicy`
  },
  effect: 'clients that ask by plain HTTP are refused',
  warnings: () => ['nothing shows who still asks by plain HTTP: the logs of clients and proxies may'],
  cautions: (seen, _, wanted) =>
    endpointOf(seen)?.TLSSecurityPolicy === TLS_1_0 && wanted?.TLSSecurityPolicy !== TLS_1_0
      ? ['clients that know no newer TLS than 1.1 are refused']
      : [],
})

const stronger = (seen: Partial<DomainEndpointOptionsStatus>, wanted: TlsPolicy): TlsPolicy => {
  const own = POLICIES.indexOf(endpointOf(seen)?.TLSSecurityPolicy ?? TLS_1_0)
  return POLICIES[Math.max(own, POLICIES.indexOf(wanted))]!
}

/** What Security Hub asks of its controls (user guide, ES.8 and Opensearch.8); rules of AWS Config name it, or nothing. */
const OF_CONTROLS = 'Policy-Min-TLS-1-2-PFS-2023-10'
function allowedBy({ source, evidence: { ruleParameters } }: Finding, after: TlsPolicy): boolean {
  const said = ruleParameters?.tlsPolicies ?? (source === 'securityhub' ? OF_CONTROLS : undefined)
  return said === undefined || commaSeparated(said).includes(after)
}

/**
 * All of the options, because it is not said what becomes of one that a change leaves out.
 * @throws Unplannable for a policy that nobody knows to be weaker or stronger
 */
function endpointOf({ Options }: Partial<DomainEndpointOptionsStatus>): Endpoint | null {
  if (Options?.EnforceHTTPS === undefined || Options.TLSSecurityPolicy === undefined) return null
  const { EnforceHTTPS, TLSSecurityPolicy: said, ...custom } = Options
  const TLSSecurityPolicy = POLICIES.find((each) => each === said)
  if (TLSSecurityPolicy === undefined) throw new Unplannable(`its TLS policy ${said} is not known`)
  const { CustomEndpointEnabled, CustomEndpoint, CustomEndpointCertificateArn } = custom
  return {
    EnforceHTTPS,
    TLSSecurityPolicy,
    ...(CustomEndpointEnabled !== undefined && { CustomEndpointEnabled }),
    ...(CustomEndpoint !== undefined && { CustomEndpoint }),
    ...(CustomEndpointCertificateArn !== undefined && { CustomEndpointCertificateArn }),
  }
}
