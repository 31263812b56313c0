import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { trustedAdvisor } from '../../src/playbook/matchers.ts'
import { allOf, type Looking, lookCall, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { route53 } from '../services.ts'
import { proposal, recordsOf, type Unsaid, withoutSpf } from './mail-domains.ts'

/** Names that are told one by one. */
const MOST_TOLD = 5
/** Of a record that is new (seconds). */
const TTL = 300

const unsaid: Looking<Unsaid[]> = {
  calls: [lookCall(route53, 'ListResourceRecordSets', { ofOne: true })],
  async at(aws, { id }) {
    try {
      return withoutSpf(await recordsOf(aws, id))
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  },
}

/** Proposes who sends mail for the names of a zone, and writes nothing: a sender that is forgotten loses its mail. */
export const spf = defineAdvice({
  id: 'route53-spf',
  title: 'Say who sends mail for a domain',
  about: {
    risk: 'Anybody can send mail in the name of the domain, and who gets it cannot tell: without SPF nothing says which servers send for it.',
    breaks:
      'Nothing is changed: mail of a sender that the record forgets is thrown away by those who get it, and no API says who sends.',
  },
  implements: ['route53-spf'],
  resource: 'AWS::Route53::HostedZone',
  ids: {
    understood: /^Z[A-Z0-9]{1,31}$/,
    forms: [['Z', { letters: /[A-Z0-9]/, least: 1, most: 31 }]],
    examples: ['Z0123456789ABCDEFGHIJ'],
  },
  arn: 'arn:{partition}:route53:::hostedzone/{id}',
  tagsOf: 'the hosted zone',
  // MX resource record sets and Sender Policy Framework.
  answers: [trustedAdvisor('c9D319e7sG')],
  look: allOf({
    zone: read(
      route53,
      'GetHostedZone',
      (Id) => ({ Id }),
      ({ HostedZone }) => ({ isPrivate: HostedZone?.Config?.PrivateZone === true }),
    ),
    unsaid,
    tags: read(
      route53,
      'ListTagsForResource',
      (ResourceId) => ({ ResourceType: 'hostedzone' as const, ResourceId }),
      ({ ResourceTagSet }) => tagsIn(ResourceTagSet?.Tags),
    ),
  }),
  tags: ({ tags }) => tags,
  unless: ({ zone: { isPrivate } }) =>
    isPrivate ? 'the zone is private: nobody outside the VPC asks it who sends' : undefined,
  wrong: ({ unsaid }) =>
    unsaid.length > 0
      ? `nothing says who sends mail for ${names(unsaid)}, which ${unsaid.length === 1 ? 'takes' : 'take'} some`
      : undefined,
  todo: ({ unsaid }, { id }) => [
    'ask who sends for each name beside those that take its mail: newsletters, tickets, invoices, programs',
    ...unsaid.slice(0, MOST_TOLD).map((each) => written(each, id)),
    ...(unsaid.length > MOST_TOLD ? [`the same for the other ${unsaid.length - MOST_TOLD}`] : []),
    'when nothing is lost for some weeks (a DMARC record with `rua` tells): "~all" becomes "-all"',
  ],
})

function names(unsaid: readonly Unsaid[]): string {
  const more = unsaid.length > MOST_TOLD ? ` and ${unsaid.length - MOST_TOLD} more` : ''
  return `${unsaid
    .slice(0, MOST_TOLD)
    .map(({ name }) => name)
    .join(', ')}${more}`
}

/** The record as a command; what stands at the name already is in it, because it replaces all of it. */
function written(each: Unsaid, zone: string): string {
  const { name, text } = each
  const value = `"${proposal(each)}"`
  if (text === 'not plain')
    return `add ${value} to each TXT record set of ${name}: there are several, or it is an alias`
  const { values, ttl } = text ?? { values: [], ttl: TTL }
  const set = {
    Name: name,
    Type: 'TXT',
    TTL: ttl,
    ResourceRecords: [...values, value].map((Value) => ({ Value })),
  }
  const batch = JSON.stringify({
    Changes: [{ Action: values.length > 0 ? 'UPSERT' : 'CREATE', ResourceRecordSet: set }],
  })
  return `aws route53 change-resource-record-sets --hosted-zone-id ${zone} --change-batch '${batch.replaceAll("'", `'\\''`)}'`
}
