import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Fault } from '../../src/sandbox/front/faults.ts'
import { withSandbox } from '../support/sandbox.ts'
import { patchesMissing, probed, snapshotPublic, sshOpen } from './detected-events.ts'
import type { ReportedRun } from './pinned-documents.ts'
import { type PlantedSet, type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { sideBySide } from './side-by-side.ts'
import { changes, undeclared, unplanned } from './unplanned-requests.ts'

/** What AWS and networks do to a call, done to the change of each playbook and to one of its reads. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
let blocked: PlantedSet
beforeAll(async () => {
  plant = plantIn(sandbox())
  ;[blocked] = (await plant.blockSets([
    { name: 'rectify-block-v4', family: 4, entries: ['185.220.101.7/32'] },
  ])) as [PlantedSet]
})

/** Strikes the first `count` of the calls; all without it. */
interface Trouble {
  name: string
  fault: Fault
  count?: number
}

const THROTTLED: Trouble = { name: 'throttled twice', fault: { kind: 'throttle' }, count: 2 }
const DENIED: Trouble = { name: 'denied', fault: { kind: 'deny' } }
const RESET: Trouble = { name: 'cut off once', fault: { kind: 'reset' }, count: 1 }
const DELAYED: Trouble = { name: 'a second late', fault: { kind: 'delay', ms: 1000 } }
const LIED: Trouble = { name: 'answered and not done', fault: { kind: 'lie' } }
const SWALLOWED: Trouble = { name: 'done and not answered once', fault: { kind: 'swallow' }, count: 1 }

type Ending = [trouble: Trouble, outcome: ReportedRun['outcome'], status: number]

/** Trouble with the change: what does not last is got over, what lasts is told. */
const CHANGE: Ending[] = [
  [THROTTLED, 'remediated', 0],
  [DENIED, 'failed', 1],
  [RESET, 'remediated', 0],
  [DELAYED, 'remediated', 0],
  [LIED, 'unverified', 1],
  [SWALLOWED, 'remediated', 0],
]
/** Trouble with a read. One that says that there is nothing is believed, and nothing is changed. */
const read = (nothingThere: Ending[1]): Ending[] => [
  [THROTTLED, 'remediated', 0],
  [DENIED, 'failed', 1],
  [RESET, 'remediated', 0],
  [DELAYED, 'remediated', 0],
  [LIED, nothingThere, 0],
  [SWALLOWED, 'remediated', 0],
]

/** Something to put right, and how one sees whether it is. */
interface Broken {
  event: unknown
  live(): Promise<unknown>
}

interface Case {
  playbook: string
  /** The operation that puts it right. */
  change: string
  broken(): Promise<Broken>
  /** Operation → what comes of trouble with it. */
  endings: Record<string, Ending[]>
}

let attackers = 0
const CASES: Case[] = [
  {
    playbook: 'ec2-close-open-ingress',
    change: 'RevokeSecurityGroupIngress',
    async broken() {
      const group = await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8' })
      return { event: sshOpen(group), live: () => plant.ingress(group) }
    },
    endings: {
      RevokeSecurityGroupIngress: CHANGE,
      DescribeSecurityGroupRules: read('alreadyCompliant'),
      // Only the tags are missing then, by which the policy may exempt it.
      DescribeSecurityGroups: [[DENIED, 'blocked', 3]],
      DescribeNetworkInterfaces: [[DENIED, 'failed', 1]],
    },
  },
  {
    playbook: 'ec2-unshare-public-snapshot',
    change: 'ModifySnapshotAttribute',
    async broken() {
      const snapshot = await plant.snapshot('all', '111122223333')
      return { event: snapshotPublic(snapshot), live: () => plant.shares(snapshot) }
    },
    endings: {
      ModifySnapshotAttribute: CHANGE,
      DescribeSnapshotAttribute: read('alreadyCompliant'),
      GetSnapshotBlockPublicAccessState: [[DENIED, 'remediated', 0]],
    },
  },
  {
    playbook: 'wafv2-block-attacker-ip',
    change: 'UpdateIPSet',
    async broken() {
      const attacker = `45.155.194.${++attackers}`
      const live = async () => (await plant.entries(blocked)).includes(`${attacker}/32`)
      return { event: probed({ ports: { 80: [attacker] } }), live }
    },
    endings: {
      UpdateIPSet: CHANGE,
      ListIPSets: read('notApplicable'),
      ListResourcesForWebACL: [[DENIED, 'unverified', 1]],
    },
  },
  {
    playbook: 'ssm-patch-instance',
    change: 'SendCommand',
    async broken() {
      const instance = await plant.instance()
      const live = async () => ({ ...sandbox().control.instances.get(instance)?.patches })
      return { event: patchesMissing(instance), live }
    },
    endings: {
      // What was never started does not end: waited for as long as it may take.
      SendCommand: CHANGE,
      DescribeInstances: read('resourceGone'),
      ListCommandInvocations: [
        [THROTTLED, 'remediated', 0],
        [RESET, 'remediated', 0],
      ],
    },
  },
]

const POLICY = {
  version: 1,
  rules: [
    { when: { playbook: 'ssm-patch-instance' }, mode: 'auto', parameters: { timeout: '8s' } },
    { mode: 'auto' },
  ],
}

/** What came of it: what was said, and what was live before and after. */
interface Seen {
  program: Program
  status: number | null
  runs: ReportedRun[]
  before: unknown
  after: unknown
}

async function inTrouble({ broken }: Case, operation: string, { fault, count }: Trouble): Promise<Seen> {
  const program = programIn(sandbox(), { policy: POLICY })
  const { event, live } = await broken()
  program.write('event.json', event)
  program.strike(operation, fault, count ? { count } : {})
  const before = await live()
  const { status, runs } = await program.report('apply', 'event.json')
  return { program, status, runs, before, after: await live() }
}

describe.each(CASES)('$playbook', (one) => {
  const rows = Object.entries(one.endings).flatMap(([operation, endings]) =>
    endings.map(([trouble, outcome, status]) => ({
      operation,
      trouble,
      name: trouble.name,
      outcome,
      status,
    })),
  )
  type Row = (typeof rows)[number]
  const all = new Map<Row, Seen>()
  beforeAll(async () => {
    await sideBySide(rows, async (row) => {
      all.set(row, await inTrouble(one, row.operation, row.trouble))
    })
  }, 120_000)
  const seen = (row: Row) => {
    const { runs, ...more } = all.get(row)!
    return { run: runs.find(({ playbook }) => playbook === one.playbook), runs, ...more }
  }

  test.each(rows)('$operation $name: $outcome, exit status $status', (row) => {
    const { program, status, run, runs, before, after } = seen(row)
    expect({ outcome: run?.outcome, status }).toEqual({ outcome: row.outcome, status: row.status })
    expect(run?.reason).not.toBe('')
    expect(unplanned(program, runs)).toEqual([])
    expect(undeclared(program, runs)).toEqual([])
    const took = changes(program).filter((request) => request.status === 200)
    expect(took.length).toBeLessThanOrEqual(1)
    const isUnproven = row.outcome === 'unverified' && row.trouble !== LIED
    if (row.outcome === 'remediated' || isUnproven) expect(after).not.toEqual(before)
    else expect(after).toEqual(before)
  })

  const ofChange = (trouble: Trouble) =>
    seen(rows.find((row) => row.operation === one.change && row.trouble === trouble)!)

  test('a change that is denied says what was denied, and to whom', () => {
    const { run } = ofChange(DENIED)
    const action = run!.plan!.steps[0]!.permissions[0]!.action
    const principal = 'arn:aws:iam::123456789012:user/sandbox'
    expect(run?.results).toEqual([
      expect.objectContaining({
        status: 'failed',
        error: expect.objectContaining({ name: 'denied', action, principal }),
      }),
    ])
    expect(run?.reason).toContain(`${action} denied for ${principal}`)
  })

  test('a change whose answer is lost is read back, and no error; a command is not sent twice', () => {
    const { program, run } = ofChange(SWALLOWED)
    expect(run?.results).toMatchObject([{ error: null }])
    if (one.change !== 'SendCommand') return
    expect(changes(program)).toHaveLength(1)
    expect(run?.results).toMatchObject([{ status: 'alreadyDone', evidence: 'mark' }])
  })
})
