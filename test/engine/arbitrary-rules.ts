import fc from 'fast-check'
import { type Json, withoutKeys } from '../../src/playbook/json.ts'
import type { RuleSpec } from '../support/aws-model/security-groups.ts'
import type { Live } from './scene-per-playbook.ts'

/** Groups as they come: worlds and halves of worlds, ranges, all traffic, descriptions and tags. */

const word = fc.stringMatching(/^[a-z]{1,6}$/)
const source = fc.constantFrom(
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '10.0.0.0/8',
  '4.0.0.0/8',
  '203.0.113.7/32',
  '::/0',
  '2000::/3',
  '2a0b:7280::/32',
)
const range = fc.constantFrom(
  { from: 22 },
  { from: 0, to: 65535 },
  { from: 20, to: 30 },
  { from: 443 },
  { protocol: 'udp', from: 22 },
  { protocol: '-1' },
)
const extras = fc.record(
  { description: word, tags: fc.dictionary(word, word, { maxKeys: 2 }) },
  { requiredKeys: [] },
)

const rule: fc.Arbitrary<RuleSpec> = fc.tuple(source, range, extras).map(([cidr, ports, more]) => ({
  ...(cidr.includes(':') ? { cidr6: cidr } : { cidr }),
  ...ports,
  ...more,
}))

/** Rules of one group; EC2 allows no two with the same protocol, ports and source. */
export const anyRules: fc.Arbitrary<RuleSpec[]> = fc.uniqueArray(rule, {
  maxLength: 12,
  selector: ({ cidr, cidr6, ...ports }: RuleSpec) =>
    [cidr, cidr6, ports.from, ports.to, ports.protocol].join(),
})

/** Rules without the ids that EC2 makes anew; rules and tags in an order of their own. */
export function rulesOf({ rules }: Live): Json[] {
  const shown = Object.values(rules).map((rule) => {
    const { Tags, ...rest } = rule as { [key: string]: Json }
    return withoutKeys({ ...rest, Tags: inOrder(Tags as Json[]) }, ['SecurityGroupRuleId'])
  })
  return inOrder(shown)
}

const inOrder = (items: Json[]) => items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
