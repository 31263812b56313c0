import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { heads } from '../../playbooks/heads.ts'
import { DEFAULT_APPROVAL } from '../../src/policy/approvers.ts'
import type { Exemption, LoadedPolicy, Policy, Rule, Subject } from '../../src/policy/rules.ts'
import { ROOT } from '../../src/sandbox/stack/template.ts'
import { type Spread, spread } from '../figures.ts'
import { table } from '../markdown-table.ts'

/** How long it takes to decide about a finding by a large policy, by this build and by one of before. */
export interface Deciding {
  name: string
  rules: number
  exemptions: number
  /** ms until the first decision, which makes the index. */
  first: number
  /** ms per decision, of all that were asked about. */
  each: Spread
}

type Decide = (policy: LoadedPolicy, subject: Subject, now: number) => unknown

const NOW = Date.parse('2026-11-22T12:00:00Z')

export async function deciding(
  { sizes, decisions, rounds }: { sizes: readonly number[]; decisions: number; rounds: number },
  before: string | undefined,
): Promise<Deciding[]> {
  const builds = [
    ...(before === undefined ? [] : [{ name: 'before', root: before }]),
    { name: 'now', root: ROOT },
  ]
  const found: Deciding[] = []
  for (const size of sizes) {
    const measured = new Map(
      builds.map(({ name }) => [name, { first: [] as number[], each: [] as number[] }]),
    )
    // In turn: what else the machine does is then beside all.
    for (let round = 0; round < rounds; round++) {
      for (const { name, root } of builds) {
        const { decide } = (await import(pathToFileURL(join(root, 'src/policy/decide.ts')).href)) as {
          decide: Decide
        }
        const policy = policyOf(500 * size, 1_000 * size)
        const subjects = subjectsFor(500 * size, 1_000 * size, decisions)
        const { first, each } = measured.get(name)!
        first.push(timed(() => decide(policy, subjects[0]!, NOW)))
        for (const subject of subjects) each.push(timed(() => decide(policy, subject, NOW)))
      }
    }
    for (const [name, { first, each }] of measured) {
      const sizesOf = { rules: 500 * size, exemptions: 1_000 * size }
      found.push({ name, ...sizesOf, first: Math.min(...first), each: spread(each) })
    }
  }
  return found
}

function timed(work: () => unknown): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Always the same numbers. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const PLAYBOOKS = heads.map(({ id }) => id)
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1']
const accountOf = (n: number) => String(100_000_000_000 + n)
const groupOf = (n: number) => `sg-${n.toString(16).padStart(17, '0')}`
const pick = <T>(values: readonly T[], at: number): T => values[at % values.length]!

/** As a company of many accounts and teams may have it: nothing in it is for all but the last rule. */
function policyOf(rules: number, exemptions: number): LoadedPolicy {
  const next = numbers(1)
  const policy: Policy = {
    version: 1,
    rules: [
      ...Array.from({ length: rules - 1 }, (_, at) => ruleOf(at, rules, next)),
      { mode: 'rehearse', parameters: {}, approval: { ...DEFAULT_APPROVAL }, line: rules, text: '' },
    ],
    exemptions: Array.from({ length: exemptions }, (_, at) => exemptionOf(at)),
    freezes: [],
    limits: {},
    never: {
      addresses: [],
      resources: ['arn:aws:iam::*:role/BreakGlass', groupOf(1)],
      roles: [],
      accounts: [],
    },
    configRules: [],
    tell: [],
  }
  return { kind: 'file', file: '/etc/rectify.yaml', policy }
}

function ruleOf(at: number, rules: number, next: (below: number) => number): Rule {
  const when = {
    playbook: [pick(PLAYBOOKS, next(PLAYBOOKS.length))],
    ...(at % 2 === 0 && { account: [accountOf(next(rules / 10))] }),
    ...(at % 3 === 0 && { tags: { team: [`team-${next(rules / 10)}`] } }),
    ...(at % 5 === 0 && { severity: { atLeast: 'HIGH' as const } }),
    ...(at % 7 === 0 && { region: [pick(REGIONS, at)] }),
    ...(at % 11 === 0 && { resource: [`arn:aws:ec2:*:*:security-group/${groupOf(at)}`] }),
  }
  const mode = pick(['auto', 'approve', 'notify', 'off'] as const, at)
  return { when, mode, parameters: {}, approval: { ...DEFAULT_APPROVAL }, line: at + 3, text: '' }
}

/** Most name one resource, some a pattern for all accounts, some a name. */
function exemptionOf(at: number): Exemption {
  const resource =
    at % 10 === 0
      ? `name:bastion-${at}-*`
      : at % 5 === 0
        ? `arn:aws:ec2:*:*:security-group/${groupOf(at + 1_000_000)}`
        : groupOf(at + 1_000_000)
  const playbook = at % 3 === 0 ? { playbook: [pick(PLAYBOOKS, at)] } : {}
  return { resource, ...playbook, owner: 'o', reason: 'r', until: '2099-12-31T23:59:59.999Z', line: at }
}

function subjectsFor(rules: number, exemptions: number, count: number): Subject[] {
  const next = numbers(2)
  return Array.from({ length: count }, (_, at): Subject => {
    // A tenth is exempt.
    const id = groupOf(next(10) === 0 ? 1_000_000 + next(exemptions) : 2_000_000 + at)
    const [account, region] = [accountOf(next(rules / 10)), pick(REGIONS, next(3))]
    return {
      playbook: pick(PLAYBOOKS, next(PLAYBOOKS.length)),
      source: 'config',
      type: 'INCOMING_SSH_DISABLED',
      severity: pick(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const, next(4)),
      account,
      region,
      resource: { id, arn: `arn:aws:ec2:${region}:${account}:security-group/${id}`, name: `web-${at}` },
      tags: { team: `team-${next(rules / 10)}`, environment: 'prod' },
    }
  })
}

export function decidingTable(measured: readonly Deciding[]): string {
  const rows = measured.map(({ name, rules, exemptions, first, each }) => [
    ...[name, String(rules), String(exemptions), first.toFixed(1)],
    ...[each.p50, each.p99].map((ms) => ms.toFixed(4)),
  ])
  return table(['deciding', 'rules', 'exemptions', 'first ms', 'p50 ms', 'p99 ms'], rows)
}
