import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Reader } from '../../src/playbook/playbook.ts'

/** A name that takes mail and does not say who sends for it. */
export interface Unsaid {
  /** Without the last dot. */
  name: string
  /** Who takes its mail; empty: nobody (RFC 7505). */
  hosts: string[]
  /** The TXT set that stands there already, all of which has to stay. */
  text?: { values: string[]; ttl: number } | 'not plain'
}

/** All record sets of a zone. Its pages go on by name, type and identifier, three fields. */
export async function recordsOf(aws: Reader, HostedZoneId: string): Promise<ResourceRecordSet[]> {
  const records: ResourceRecordSet[] = []
  let from = {}
  for (;;) {
    const page = await aws.read('route53', 'ListResourceRecordSets', { HostedZoneId, ...from })
    records.push(...(page.ResourceRecordSets ?? []))
    if (!page.IsTruncated || page.NextRecordName === undefined) return records
    from = {
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      ...(page.NextRecordIdentifier !== undefined && { StartRecordIdentifier: page.NextRecordIdentifier }),
    }
  }
}

/** The names of a zone with MX and without SPF: a TXT value that begins with its version (RFC 7208, section 4.5). */
export function withoutSpf(records: readonly ResourceRecordSet[]): Unsaid[] {
  const of = (type: string) => records.filter(({ Type }) => Type === type)
  const names = [...new Set(of('MX').map(({ Name }) => Name))]
  return names.flatMap((name) => {
    const texts = of('TXT').filter(({ Name }) => Name === name)
    if (texts.some((each) => valuesOf(each).some((value) => /^"v=spf1[\s"]/i.test(value)))) return []
    const hosts = of('MX').flatMap((each) => (each.Name === name ? valuesOf(each) : []))
    const text = texts.length > 0 && { text: plainText(texts) }
    return [
      { name: plainName(String(name)), hosts: hosts.map(hostIn).filter((host) => host !== ''), ...text },
    ]
  })
}

const valuesOf = ({ ResourceRecords = [] }: ResourceRecordSet): string[] =>
  ResourceRecords.map(({ Value = '' }) => Value)

/** An alias, or sets that are told apart by weight or place, are nothing that one command writes anew. */
function plainText([first, ...more]: ResourceRecordSet[]): Unsaid['text'] & {} {
  const isPlain = more.length === 0 && first?.SetIdentifier === undefined && first?.TTL !== undefined
  return isPlain ? { values: valuesOf(first), ttl: first.TTL! } : 'not plain'
}

/** Route 53 gives names with the last dot and a star as `\052`. */
const plainName = (name: string): string => name.replace(/\.$/, '').replace('\\052', '*')

/** `10 aspmx.l.google.com.` */
const hostIn = (value: string): string => plainName(value.split(/\s+/).at(-1) ?? '')

/** Who takes mail for others and sends it, too, and what each of them documents for SPF. */
const SENDERS: [host: RegExp, term: string][] = [
  [/\.google(mail)?\.com$/i, 'include:_spf.google.com'],
  [/\.mail\.protection\.outlook\.com$/i, 'include:spf.protection.outlook.com'],
  [/^inbound-smtp\..+\.amazonaws\.com$/i, 'include:amazonses.com'],
]

/** What the record would say by who takes the mail: who else sends only its owner knows. */
export function proposal({ hosts }: Unsaid): string {
  if (hosts.length === 0) return 'v=spf1 -all'
  const terms = hosts.map((host) => SENDERS.find(([form]) => form.test(host))?.[1] ?? 'mx')
  return `v=spf1 ${[...new Set(terms)].join(' ')} ~all`
}
