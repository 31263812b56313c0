import { spf } from '../../../playbooks/route53/spf.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import type { AdviceTable } from '../advice-table.ts'
import { absent } from '../setting-table.ts'

const ZONE = 'Z0123456789ABCDEFGHIJ'
const set = (Name: string, Type: string, ...values: string[]) => ({
  Name,
  Type,
  TTL: 900,
  ResourceRecords: values.map((Value) => ({ Value })),
})
const mx = (name: string, ...hosts: string[]) => set(name, 'MX', ...hosts.map((host) => `10 ${host}`))
const google = mx('example.com.', 'aspmx.l.google.com.', 'alt1.aspmx.l.google.com.')
const says = (...values: string[]) => ({ ResourceRecords: values.map((Value) => ({ Value })) })
const batch = (Action: string, Name: string, TTL: number, ...values: string[]) =>
  JSON.stringify({ Changes: [{ Action, ResourceRecordSet: { Name, Type: 'TXT', TTL, ...says(...values) } }] })
const [ask, wait] = ['ask who sends for each name', 'when nothing is lost']

export const table: AdviceTable = {
  playbook: spf,
  finding: { source: 'trustedadvisor', type: 'c9D319e7sG', id: ZONE },
  id: ZONE,
  rows: [
    {
      // What is there stays, and a quote in it does not end the command's.
      live: { records: [google, set('example.com.', 'TXT', '"google-site-verification=1"', `"it's"`)] },
      leads: {
        outcome: 'notified',
        reason: 'nothing says who sends mail for example.com, which takes some',
        todo: [
          ask,
          `aws route53 change-resource-record-sets --hosted-zone-id ${ZONE} --change-batch '${batch(
            'UPSERT',
            'example.com',
            900,
            '"google-site-verification=1"',
            `"it's"`,
            '"v=spf1 include:_spf.google.com ~all"',
          ).replace("'", `'\\''`)}'`,
          wait,
        ],
      },
    },
    {
      live: {
        records: [
          mx('a.example.com.', 'inbound-smtp.eu-west-1.amazonaws.com.', 'mail.example.com.'),
          mx('b.example.com.', 'example-com.mail.protection.outlook.com.'),
          mx('\\052.example.com.', 'mail.example.com.'),
          mx('none.example.com.', '.'),
          mx('aspf.example.com.', 'mail.example.com.'),
          set('aspf.example.com.', 'TXT', '"v=spf1like"'),
          mx('f.example.com.', 'mail.example.com.'),
        ],
      },
      leads: {
        outcome: 'notified',
        reason:
          'for a.example.com, b.example.com, *.example.com, none.example.com, aspf.example.com and 1 more, which take',
        todo: [
          ask,
          batch('CREATE', 'a.example.com', 300, '"v=spf1 include:amazonses.com mx ~all"'),
          batch('CREATE', 'b.example.com', 300, '"v=spf1 include:spf.protection.outlook.com ~all"'),
          batch('CREATE', '*.example.com', 300, '"v=spf1 mx ~all"'),
          batch('CREATE', 'none.example.com', 300, '"v=spf1 -all"'),
          batch('UPSERT', 'aspf.example.com', 900, '"v=spf1like"', '"v=spf1 mx ~all"'),
          'the same for the other 1',
          wait,
        ],
      },
    },
    {
      live: {
        records: [
          google,
          { ...set('example.com.', 'TXT', '"one"'), SetIdentifier: 'a', Weight: 1 },
          { ...set('example.com.', 'TXT', '"two"'), SetIdentifier: 'b', Weight: 1 },
        ],
      },
      leads: {
        outcome: 'notified',
        reason: 'example.com',
        todo: [ask, 'to each TXT record set of example.com', wait],
      },
    },
    {
      live: {
        records: [google, set('example.com.', 'TXT', '"other"', '"v=spf1 " "include:_spf.google.com ~all"')],
      },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
    {
      live: { records: [set('example.com.', 'A', '198.51.100.1')] },
      leads: { outcome: 'alreadyCompliant', reason: '' },
    },
    {
      live: { records: [google], isPrivate: true },
      leads: { outcome: 'notApplicable', reason: 'the zone is private' },
    },
  ],
  aws: (zone) => ({
    route53: {
      GetHostedZone: ({ Id }) => {
        if (!zone.isThere) throw absent('route53:GetHostedZone', 'NoSuchHostedZone')
        return { HostedZone: { Id, Config: { PrivateZone: zone.more.isPrivate ?? false } } }
      },
      // A page holds one record here: of the next one its name, type and identifier are said.
      ListResourceRecordSets: ({ StartRecordName, StartRecordType, StartRecordIdentifier }) => {
        const records = zone.more.records as Fields[]
        const isNext = ({ Name, Type, SetIdentifier }: Fields) =>
          Name === StartRecordName && Type === StartRecordType && SetIdentifier === StartRecordIdentifier
        const start = StartRecordName === undefined ? 0 : records.findIndex(isNext)
        const next = records[start + 1]
        return {
          ResourceRecordSets: [records[start]],
          IsTruncated: next !== undefined,
          ...(next && {
            NextRecordName: next.Name,
            NextRecordType: next.Type,
            NextRecordIdentifier: next.SetIdentifier,
          }),
        }
      },
      ListTagsForResource: () => ({ ResourceTagSet: { Tags: zone.tags } }),
    },
  }),
}
