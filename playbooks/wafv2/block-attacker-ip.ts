import * as z from 'zod/mini'
import { isGone } from '../../src/playbook/aws-error.ts'
import { durationParameter } from '../../src/playbook/duration/duration-parameter.ts'
import { guardDuty } from '../../src/playbook/matchers.ts'
import { canonicalCidr } from '../../src/playbook/network/addresses.ts'
import { WEB_PORTS } from '../../src/playbook/network/web-ports.ts'
import { NO_IMPACT, type Plan } from '../../src/playbook/plan.ts'
import {
  compliant,
  definePlaybook,
  gone,
  notApplicable,
  type Target,
  Unplannable,
} from '../../src/playbook/playbook.ts'
import { readName } from '../../src/playbook/resource/read-name.ts'
import { nameIds, withAccount } from '../../src/playbook/resource/resource-form.ts'
import { mergeOf } from '../../src/playbook/step.ts'
import { ATTACKED, attackedTags } from './attacked.ts'
import { attackersOf, nothingToBlock, type Refusal, refusalLines } from './attackers.ts'
import { blockStep } from './block-step.ts'
import { type BlockingAcl, bestOf, blockingAcls, isAttached } from './blocking-rules.ts'
import { CAPACITY, createSetCommand, type Family, type IpSet, ipSets, regionOf, setOfArn } from './ip-set.ts'
import { makeItBlock } from './make-it-block.ts'
import { ownAddresses } from './own-addresses.ts'
import { READS_ALSO_NEED, READS_ON, SET_ARNS } from './permissions.ts'
import { coveredBy, wantedEntries } from './wanted-entries.ts'

const port = z.int().check(z.gte(1), z.lte(65_535))
const parameters = z.strictObject({
  ports: z
    ._default(z.union([z.array(port).check(z.minLength(1)), z.literal('any')]), [...WEB_PORTS])
    .check(z.describe('local ports behind which a web ACL can stand; any blocks whatever port was attacked')),
  scope: z
    ._default(z.enum(['REGIONAL', 'CLOUDFRONT']), 'REGIONAL')
    .check(z.describe('of the web ACL and its IP sets')),
  ipv4Set: z
    ._default(z.string().check(z.minLength(1)), 'rectify-block-v4')
    .check(z.describe('name of the IP set that IPv4 addresses go into')),
  ipv6Set: z
    ._default(z.string().check(z.minLength(1)), 'rectify-block-v6')
    .check(z.describe('name of the IP set that IPv6 addresses go into')),
  expiresAfter: z
    ._default(durationParameter, 'PT24H')
    .check(z.describe('after this the entries that were added are taken out again')),
})

type Parameters = z.output<typeof parameters>

/** `Target.data`: the set, and what `targets` refused for reasons that only it reads. */
type TargetData = IpSet & { family: Family; refused: Refusal[] }

interface SetState {
  family: Family
  /** Every entry of the set in WAF's form. */
  entries: string[]
  /** Attackers not yet in the set that are our own addresses. */
  own: Refusal[]
  /** Absent on a later look. */
  acls?: BlockingAcl[]
}

/** Observed, planned before and planned after: which of the plan's entries are in the set. */
const shape = (entries: string[], expiresAfter: string) =>
  entries.length > 0 ? { addresses: entries, expiresAfter } : { addresses: [] }

const SET = {
  resource: 'AWS::WAFv2::IPSet',
  ids: nameIds(/[\w-]/, 128, ['rectify-block-v4', 'rectify-block-v6']),
  arn: 'arn:{partition}:wafv2:{region}:{account}:*/ipset/{id}/*',
}

const NOTHING_PROTECTED = { addresses: [] }

/**
 * Puts attacking addresses into an IP set on which a web ACL blocks, for a limited time. Entries of others stay: what
 * is planned is the change to the set, not the set.
 */
export const blockAttackerIp = definePlaybook<Parameters, SetState>({
  id: 'wafv2-block-attacker-ip',
  title: 'Block attacking addresses at the web ACL, for a limited time',
  about: {
    risk: 'Somebody tries out ports and passwords of an instance right now, from the addresses that the finding names.',
    breaks:
      "An address that many share (an office, a mobile network) is blocked for all of them. Addresses of the policy's `never` and the account's own are spared, and each block ends by itself.",
  },
  implements: ['waf-block-ip'],
  ...SET,
  nameOf: "the set's name",
  tagsOf: ATTACKED,
  answers: [
    guardDuty(
      'Recon:EC2/PortProbe*',
      'UnauthorizedAccess:EC2/*BruteForce',
      'UnauthorizedAccess:EC2/MaliciousIPCaller*',
      '*:Kubernetes/MaliciousIPCaller*',
      '*:Kubernetes/TorIPCaller',
      'CredentialAccess:RDS/*',
      'Discovery:RDS/*',
    ),
  ],
  parameters,
  suggestedMode: 'auto',
  reads: [
    'wafv2:ListIPSets',
    'wafv2:GetIPSet',
    'wafv2:ListWebACLs',
    'wafv2:GetWebACL',
    'wafv2:GetRuleGroup',
    'wafv2:ListResourcesForWebACL',
    'ec2:DescribeAddresses',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeInstances',
  ],
  // What they cannot tell leaves the effect unproven.
  optionalReads: ['wafv2:GetRuleGroup', 'wafv2:ListResourcesForWebACL'],
  readsAlsoNeed: READS_ALSO_NEED,
  readsOn: READS_ON,
  writes: SET_ARNS.map((resource) => ({ action: 'wafv2:UpdateIPSet', resource })),

  async targets(finding, { ports, scope, ipv4Set, ipv6Set }, aws, never) {
    if (scope === 'CLOUDFRONT' && aws.partition !== 'aws') {
      return notApplicable(`sets of scope CLOUDFRONT live in us-east-1, which ${aws.partition} does not have`)
    }
    const { blockable, refused } = attackersOf([finding], ports, never)
    const own = await ownAddresses(blockable, aws)
    const attackers = blockable.filter(({ address }) => !own.some((refusal) => refusal.address === address))
    if (attackers.length === 0) return notApplicable(nothingToBlock([...refused, ...own]))

    const region = regionOf(scope, aws.region)
    const sets = await ipSets(scope, aws.at(region))
    const found: { set: IpSet; family: Family }[] = []
    const setless: Refusal[] = []
    for (const [family, name] of [[4, ipv4Set] as const, [6, ipv6Set] as const]) {
      const ofFamily = attackers.filter((attacker) => attacker.family === family)
      const set = sets.find((candidate) => candidate.name === name)
      if (ofFamily.length > 0 && set) found.push({ set, family })
      if (set) continue
      const reason = `there is no IP set ${name}: ${createSetCommand(name, scope, family, region)}`
      setless.push(...ofFamily.map(({ address }) => ({ address, reason })))
    }
    if (found.length === 0) return notApplicable(nothingToBlock([...refused, ...own, ...setless]))
    return found.map(({ set, family }) => {
      const data: TargetData = { ...set, family, refused: [...own, ...setless] }
      return { resource: set.arn, id: set.name, key: `${set.arn}#${finding.id}`, region, data }
    })
  },

  named(words, place) {
    const isGlobal = setOfArn(words)?.scope === 'CLOUDFRONT'
    const at = isGlobal ? { ...place, region: regionOf('CLOUDFRONT', place.region) } : place
    const read = readName(SET, words, at)
    if ('notUnderstood' in read) return { resource: words, id: words, key: words, ...read }
    const { partition, region, account } = at
    const arn = words.startsWith('arn:')
      ? withAccount(words, account)
      : `arn:${partition}:wafv2:${region}:${account}:regional/ipset/${read.id}`
    const set = setOfArn(arn) ?? { id: '', name: read.id, scope: 'REGIONAL', arn }
    return { resource: set.arn, id: set.name, key: set.arn, region, data: { ...set, refused: [] } }
  },

  async inspect(target, { ports }, aws, look) {
    const data = dataOf(target)
    // A set that a person named without its id is looked up.
    const set = data.id ? data : (await ipSets(data.scope, aws)).find(({ name }) => name === data.name)
    if (!set) return gone
    const live = await aws
      .read('wafv2', 'GetIPSet', { Name: set.name, Scope: set.scope, Id: set.id })
      .catch((error: unknown) => {
        if (isGone(error)) return gone
        throw error
      })
    if ('kind' in live) return gone
    if (!live.IPSet) throw new Unplannable(`wafv2:GetIPSet gave no set for ${set.arn || set.name}`)
    const entries = (live.IPSet.Addresses ?? []).map(canonicalCidr)
    const family: Family = live.IPSet.IPAddressVersion === 'IPV6' ? 6 : 4
    const missing = attackersOf(look.findings, ports, NOTHING_PROTECTED).blockable.filter(
      (attacker) => attacker.family === family && !entries.includes(attacker.cidr),
    )
    // The attacked resource may be in another region than a global set.
    const regions = [...new Set([aws.region, ...look.findings.map(({ region }) => region)])]
    const own = (await Promise.all(regions.map((region) => ownAddresses(missing, aws.at(region))))).flat()
    const state: SetState = { family, entries, own }
    if (!look.first) return { state }
    const [acls, tags] = await Promise.all([blockingAcls(set, aws), attackedTags(look.findings, aws)])
    return { state: { ...state, acls }, tags, name: set.name }
  },

  plan(state, findings, { ports, expiresAfter }, target, never) {
    const set = dataOf(target)
    const { blockable, refused } = attackersOf(findings, ports, never)
    const wanted = blockable
      .filter(
        ({ family, address }) => family === state.family && !state.own.some((own) => own.address === address),
      )
      .map(({ cidr }) => cidr)
      .sort()
    const refusals = unique([...refused, ...set.refused, ...state.own])
    if (set.family && set.family !== state.family) {
      return notApplicable(`the set ${set.name} holds IPv${state.family} addresses, not IPv${set.family}`)
    }
    if (wanted.length === 0) return notApplicable(nothingToBlock(refusals))
    const blocking = state.acls && bestOf(state.acls)
    if (state.acls && !(blocking && isAttached(blocking))) {
      const region = target.resource.split(':')[3] ?? ''
      return notApplicable(`blocks nothing: ${makeItBlock(set, blocking, region)}`)
    }
    const unproven = blocking && blocking.unread.length > 0 ? { unproven: blocking.unread.join('; ') } : {}
    const { add, held, covered } = wantedEntries(wanted, state.entries)
    const timeBoxes = { entries: held, expiresAfter }
    if (add.length === 0) {
      const reason = [
        ...(held.length > 0
          ? [`${held.join(', ')} ${held.length > 1 ? 'are' : 'is'} in the set already`]
          : []),
        ...covered.map(({ why }) => why),
        ...refusalLines(refusals).map((line) => `not blocked: ${line}`),
      ].join('; ')
      return compliant({ timeBoxes, ...unproven, reason })
    }
    const total = state.entries.length + add.length
    if (total > CAPACITY) {
      return notApplicable(
        `the set is full: it holds ${state.entries.length} of ${CAPACITY} entries, ${add.length} more are wanted`,
      )
    }

    return {
      kind: 'steps',
      steps: [blockStep(set, add, expiresAfter)],
      before: shape([], expiresAfter),
      after: shape(add, expiresAfter),
      ...(held.length > 0 && { timeBoxes }),
      ...unproven,
      warnings: [
        ...covered.map(({ why }) => `not added: ${why}`),
        ...refusalLines(refusals).map((line) => `not blocked: ${line}`),
        ...(ports === 'any'
          ? ['ports: any: WAF sees HTTP only; on other ports these addresses are not stopped']
          : []),
        ...(blocking?.doubts ?? []).map((doubt) => `rule ${blocking?.rule} may not block: ${doubt}`),
        ...(total > 0.9 * CAPACITY ? [`the set is nearly full: ${total} of ${CAPACITY} entries`] : []),
      ],
    }
  },

  observe(state, plan) {
    const live = new Set(state.entries)
    const merges = plan.steps.flatMap((step) => mergeOf(step) ?? [])
    const planned = merges.flatMap(({ add, remove }) => [...add, ...remove])
    return shape(
      planned.filter((entry) => live.has(entry)),
      plannedExpiry(plan),
    )
  },

  status(step, { entries }) {
    const merge = mergeOf(step)
    const live = new Set(entries)
    const settled = [
      ...(merge?.add ?? []).map((entry) => live.has(entry)),
      ...(merge?.remove ?? []).map((entry) => !live.has(entry)),
    ]
    if (settled.every(Boolean)) return 'done'
    return settled.some(Boolean) ? 'partly' : 'todo'
  },

  coveredBy: (entry, { entries }) => coveredBy(entry, entries),

  async impact({ acls = [] }) {
    const acl = bestOf(acls)
    if (!acl || !isAttached(acl)) return NO_IMPACT
    const behind = acl.attached
    return {
      summary: `web ACL ${acl.name} (rule ${acl.rule}) drops what these addresses send to ${
        behind.length === 0
          ? 'what it is attached to (not readable)'
          : `${behind.length} resource${behind.length === 1 ? '' : 's'}`
      }`,
      affected: behind.slice(0, 50),
      count: behind.length,
      notes: ['everybody who shares such an address (NAT, proxy, mobile network) is blocked too'],
    }
  },
})

const dataOf = (target: Target) =>
  target.data as unknown as IpSet & Partial<TargetData> & { refused: Refusal[] }

/** An undo has the block's `after` as its `before`. */
const plannedExpiry = ({ before, after }: Plan) =>
  [after, before].map((side) => (side as { expiresAfter?: string }).expiresAfter).find(Boolean) ?? ''

const unique = (refused: Refusal[]) => [
  ...new Map(refused.map((item) => [item.address + item.reason, item])).values(),
]
