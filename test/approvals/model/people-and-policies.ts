import { policyOf } from '../../engine/simulated-world.ts'

export const WORKSPACE = 'T0ACME'
export const CHANNEL = 'C0SECOPS'
const HOUR = 3_600_000

/** Who is one person: by her Slack user and by her IAM user. */
const PEOPLE = ['ann', 'ben', 'cho'] as const
export type Way = 'slack' | 'cli'

/** Everybody who clicks: those who may sometimes decide, and those who never may. */
export const CLICKERS = ['ann', 'ben', 'cho', 'guest', 'gone', 'stranger'] as const
/** Everybody who uses the command line. */
export const CALLERS = ['ann', 'ben', 'cho', 'eve'] as const

export const slackId = (who: string) => `U0${who.toUpperCase()}`
export const iamArn = (who: string) => `arn:aws:iam::123456789012:user/${who}`

const isOne = (name: string) => (PEOPLE as readonly string[]).includes(name)

/** The person behind what a decision stands by, read by other eyes than the engine's. */
export function personBy(by: string): { person: string; way: Way } | undefined {
  const all = new Set<string>([...CLICKERS, ...CALLERS])
  const person = [...all].find((name) => by === `slack:${WORKSPACE}:${slackId(name)}` || by === iamArn(name))
  return person === undefined ? undefined : { person, way: by.startsWith('slack:') ? 'slack' : 'cli' }
}

/** A policy in the words of its file, and by the rule as people would say it. */
export interface ModelPolicy {
  text: string
  /** By it the terms of a stored run are told apart: no two policies have the same. */
  expiresAfter: string
  /** So many people; none can be enough where nothing may be changed. */
  quorum: number
  may(person: string, way: Way, elapsedMs: number): boolean
}

const people = PEOPLE.map((name) => `  - { name: ${name}, slack: ${slackId(name)}, iam: "${iamArn(name)}" }`)
const file = (mode: string, approval: string) =>
  [
    ...['version: 1', 'rules:', `  - mode: ${mode}`, `    approval: { channel: ${CHANNEL}, ${approval} }`],
    ...[`slack: { workspace: ${WORKSPACE}, operators: [ann] }`, 'people:', ...people, ''],
  ].join('\n')

export const POLICIES: readonly ModelPolicy[] = [
  {
    text: file(
      'approve',
      'approvers: [ann, ben], expiresAfter: 4h, escalate: [{ after: 1h, approvers: [cho] }]',
    ),
    expiresAfter: 'PT4H',
    quorum: 1,
    may: (person, _, elapsedMs) => isOne(person) && (person !== 'cho' || elapsedMs >= HOUR),
  },
  {
    text: file('approve', 'approvers: [ann, ben, cho], quorum: 2, expiresAfter: 5h'),
    expiresAfter: 'PT5H',
    quorum: 2,
    may: isOne,
  },
  {
    text: file('approve', 'approvers: [S0LEADS], expiresAfter: 2h'),
    expiresAfter: 'PT2H',
    quorum: 1,
    may: (person, way) => person === 'cho' && way === 'slack',
  },
  {
    text: file('approve', 'approvers: [S0ONCALL, cho], quorum: 2, expiresAfter: 3h'),
    expiresAfter: 'PT3H',
    quorum: 2,
    may: (person, way) => isOne(person) && (person === 'cho' || way === 'slack'),
  },
  {
    // Nobody is named: any full member of the workspace, and whoever may use the command line.
    text: file('approve', 'expiresAfter: 7h'),
    expiresAfter: 'PT7H',
    quorum: 1,
    may: (person, way) => isOne(person) || way === 'cli',
  },
  {
    text: file('notify', 'approvers: [ann], expiresAfter: 6h'),
    expiresAfter: 'PT6H',
    quorum: Number.POSITIVE_INFINITY,
    may: (person) => person === 'ann',
  },
]

export const loaded = POLICIES.map(({ text }) => policyOf(text))

/** The policy whose terms a run has. */
export const policyBy = (expiresAfter: string | undefined) =>
  POLICIES.find((policy) => policy.expiresAfter === expiresAfter)
