import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Fault } from '../../src/sandbox/front/faults.ts'
import { withSandbox } from '../support/sandbox.ts'
import { patchesMissing, probed, snapshotPublic, sshOpen } from './detected-events.ts'
import type { ReportedRun } from './pinned-documents.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { sideBySide } from './side-by-side.ts'
import { changes, undeclared, unplanned } from './unplanned-requests.ts'

/** What AWS and networks do to a call, done to the change of each playbook and to one of its reads. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
beforeAll(async () => {
  plant = plantIn(sandbox())
  await plant.blockSets([{ name: 'rectify-block-v4', family: 4, entries: ['185.220.101.7/32'] }])
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

interface Case {
  playbook: string
  event(): Promise<unknown>
  /** Operation → what comes of trouble with it. */
  endings: Record<string, Ending[]>
}

let attackers = 0
const CASES: Case[] = [
  {
    playbook: 'ec2-close-open-ingress',
    event: async () => sshOpen(await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8' })),
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
    event: async () => snapshotPublic(await plant.snapshot('all', '111122223333')),
    endings: {
      ModifySnapshotAttribute: CHANGE,
      DescribeSnapshotAttribute: read('alreadyCompliant'),
      GetSnapshotBlockPublicAccessState: [[DENIED, 'remediated', 0]],
    },
  },
  {
    playbook: 'wafv2-block-attacker-ip',
    event: async () => probed({ ports: { 80: [`45.155.194.${++attackers}`] } }),
    endings: {
      UpdateIPSet: CHANGE,
      ListIPSets: read('notApplicable'),
      ListResourcesForWebACL: [[DENIED, 'unverified', 1]],
    },
  },
  {
    playbook: 'ssm-patch-instance',
    event: async () => patchesMissing(await plant.instance()),
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

async function inTrouble({ event }: Case, operation: string, { fault, count }: Trouble) {
  const program = programIn(sandbox(), { policy: POLICY })
  program.write('event.json', await event())
  program.strike(operation, fault, count ? { count } : {})
  return { program, ...(await program.report('apply', 'event.json')) }
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
  const seen = new Map<
    (typeof rows)[number],
    { program: Program; status: number | null; runs: ReportedRun[] }
  >()
  beforeAll(async () => {
    await sideBySide(rows, async (row) => {
      seen.set(row, await inTrouble(one, row.operation, row.trouble))
    })
  }, 120_000)

  test.each(rows)('$operation $name: $outcome, exit status $status', (row) => {
    const { program, status, runs } = seen.get(row)!
    const run = runs.find(({ playbook }) => playbook === one.playbook)
    expect({ outcome: run?.outcome, status }).toEqual({ outcome: row.outcome, status: row.status })
    expect(run?.reason).not.toBe('')
    expect(unplanned(program, runs)).toEqual([])
    expect(undeclared(program, runs)).toEqual([])
    const took = changes(program).filter((request) => request.status === 200)
    expect(took.length).toBeLessThanOrEqual(1)
  })
})
