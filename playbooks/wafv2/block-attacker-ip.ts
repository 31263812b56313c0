import * as z from 'zod/mini'
import { canonicalCidr } from '../../src/playbook/addresses.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { durationParameter } from '../../src/playbook/durations.ts'
import { guardDuty } from '../../src/playbook/matchers.ts'
import { NO_IMPACT, type Plan } from '../../src/playbook/plan.ts'
import {
  compliant,
  definePlaybook,
  gone,
  idOf,
  notApplicable,
  type Target,
} from '../../src/playbook/playbook.ts'
import { attackersOf, nothingToBlock, type Refusal, refusalLines } from './attackers.ts'
import { blockStep } from './block-step.ts'
import { type BlockingAcl, blockingAcls, isAttached, makeItBlock } from './blocking-rules.ts'
import { CAPACITY, createSetCommand, type Family, type IpSet, ipSets, setOfArn } from './ip-set.ts'
import { ownAddresses } from './own-addresses.ts'

const port = z.int().check(z.gte(1), z.lte(65_535))
const parameters = z.strictObject({
  ports: z
    ._default(z.union([z.array(port).check(z.minLength(1)), z.literal('any')]), [80, 443, 8080, 8443])
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

const NOTHING_PROTECTED = { addresses: [] }

/**
 * Puts attacking addresses into an IP set on which a web ACL blocks, for a limited time. Entries of others stay: what
 * is planned is the change to the set, not the set.
 */
export const blockAttackerIp = definePlaybook<Parameters, SetState>({
  id: 'wafv2-block-attacker-ip',
  title: 'Block attacking addresses at the web ACL, for a limited time',
  implements: ['waf-block-ip'],
  resource: 'AWS::WAFv2::IPSet',
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
  ids: /^[\w-]{1,128}$/,
  reads: [
    'wafv2:ListIPSets',
    'wafv2:GetIPSet',
    'wafv2:ListWebACLs',
    'wafv2:GetWebACL',
    'wafv2:ListResourcesForWebACL',
    'ec2:DescribeAddresses',
    'ec2:DescribeNetworkInterfaces',
  ],
  optionalReads: ['wafv2:ListResourcesForWebACL'],
  // https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html, ListResourcesForWebACL.
  readsAlsoNeed: [
    'apprunner:ListAssociatedServicesForWebAcl',
    'cognito-idp:ListResourcesForWebACL',
    'ec2:DescribeVerifiedAccessInstanceWebAclAssociations',
  ],
  writes: [
    { action: 'wafv2:UpdateIPSet', resource: 'arn:{partition}:wafv2:{region}:{account}:*/ipset/{id}/*' },
  ],

  async targets(finding, { ports, scope, ipv4Set, ipv6Set }, aws, never) {
    if (scope === 'CLOUDFRONT' && aws.region !== 'us-east-1') {
      return notApplicable(`sets of scope CLOUDFRONT live in us-east-1; the finding is of ${aws.region}`)
    }
    const { blockable, refused } = attackersOf([finding], ports, never)
    const own = await ownAddresses(blockable, aws)
    const attackers = blockable.filter(({ address }) => !own.some((refusal) => refusal.address === address))
    if (attackers.length === 0) return notApplicable(nothingToBlock([...refused, ...own]))

    const sets = await ipSets(scope, aws)
    const found: { set: IpSet; family: Family }[] = []
    const setless: Refusal[] = []
    for (const [family, name] of [[4, ipv4Set] as const, [6, ipv6Set] as const]) {
      const ofFamily = attackers.filter((attacker) => attacker.family === family)
      const set = sets.find((candidate) => candidate.name === name)
      if (ofFamily.length > 0 && set) found.push({ set, family })
      if (set) continue
      const reason = `there is no IP set ${name}: ${createSetCommand(name, scope, family, aws.region)}`
      setless.push(...ofFamily.map(({ address }) => ({ address, reason })))
    }
    if (found.length === 0) return notApplicable(nothingToBlock([...refused, ...own, ...setless]))
    return found.map(({ set, family }) => {
      const data: TargetData = { ...set, family, refused: [...own, ...setless] }
      return { resource: set.arn, id: set.name, key: `${set.arn}#${finding.id}`, data }
    })
  },

  named(resource, { partition, region, account }) {
    const name = idOf(resource)
    const arn = `arn:${partition}:wafv2:${region}:${account}:regional/ipset/${name}`
    const set = setOfArn(resource) ?? { id: '', name, scope: 'REGIONAL', arn }
    return { resource: set.arn, id: set.name, key: set.arn, data: { ...set, refused: [] } }
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
    const entries = (live.IPSet?.Addresses ?? []).map(canonicalCidr)
    const family: Family = live.IPSet?.IPAddressVersion === 'IPV6' ? 6 : 4
    const missing = attackersOf(look.findings, ports, NOTHING_PROTECTED).blockable.filter(
      (attacker) => attacker.family === family && !entries.includes(attacker.cidr),
    )
    const own = await ownAddresses(missing, aws)
    const state: SetState = { family, entries, own }
    if (!look.first) return { state }
    return { state: { ...state, acls: await blockingAcls(set, aws) }, tags: {} }
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
    if (state.acls && !state.acls.some(isAttached)) {
      const region = target.resource.split(':')[3] ?? ''
      return notApplicable(`blocks nothing: ${makeItBlock(set, state.acls, region)}`)
    }
    const live = new Set(state.entries)
    const add = wanted.filter((entry) => !live.has(entry))
    const held = wanted.filter((entry) => live.has(entry))
    const holds = { entries: held, expiresAfter }
    if (add.length === 0) return compliant({ holds })
    const total = live.size + add.length
    if (total > CAPACITY) {
      return notApplicable(
        `the set is full: it holds ${live.size} of ${CAPACITY} entries, ${add.length} more are wanted`,
      )
    }

    const blocking = state.acls?.find(isAttached)
    return {
      kind: 'steps',
      steps: [blockStep(set, add, expiresAfter)],
      before: shape([], expiresAfter),
      after: shape(add, expiresAfter),
      ...(held.length > 0 && { holds }),
      warnings: [
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
    const planned = plan.steps.flatMap(({ merge }) => [...(merge?.add ?? []), ...(merge?.remove ?? [])])
    return shape(
      planned.filter((entry) => live.has(entry)),
      plannedExpiry(plan),
    )
  },

  status({ merge }, { entries }) {
    const live = new Set(entries)
    const settled = [
      ...(merge?.add ?? []).map((entry) => live.has(entry)),
      ...(merge?.remove ?? []).map((entry) => !live.has(entry)),
    ]
    if (settled.every(Boolean)) return 'done'
    return settled.some(Boolean) ? 'partly' : 'todo'
  },

  async impact({ acls = [] }) {
    const acl = acls.find(isAttached)
    if (!acl) return NO_IMPACT
    const behind = acl.attached === 'unknown' ? [] : acl.attached
    return {
      summary: `web ACL ${acl.name} (rule ${acl.rule}) drops what these addresses send to ${
        acl.attached === 'unknown'
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
