import { beforeAll, describe, expect, test } from '@jest/globals'
import { withSandbox } from '../support/sandbox.ts'
import { commonPortsOpen, patchesMissing, probed, snapshotPublic, sshOpen } from './detected-events.ts'
import type { ReportedRun } from './pinned-documents.ts'
import { type PlantedSet, type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** Two processes are told of the same thing at the same moment. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
let set: PlantedSet
beforeAll(async () => {
  plant = plantIn(sandbox())
  const sets = await plant.blockSets([{ name: 'rectify-block-v4', family: 4, entries: ['185.220.101.7/32'] }])
  set = sets[0]!
})

/**
 * Holds every request of the program with this operation back until two processes have sent one, so that both have
 * looked before either changes. Once they have met, nobody waits any more; nor when only one ever comes.
 */
function meetAt(own: Program, operation: string): void {
  const MOST_MS = 5000
  const met = Promise.withResolvers<void>()
  let waiting = 0
  const before = () => {
    waiting += 1
    if (waiting >= 2) met.resolve()
    else setTimeout(met.resolve, MOST_MS)
    return met.promise
  }
  own.strike(operation, { kind: 'hook', before })
}

/** Applies each of these events in a process of its own, all at once. */
async function atOnce(...calls: [own: Program, ...args: string[]][]) {
  const reports = await Promise.all(calls.map(([own, ...args]) => own.report('apply', ...args)))
  sandbox().faults.length = 0
  return reports
}

const took = (own: Program) => changes(own).filter(({ status }) => status === 200)

describe('with one store', () => {
  interface Case {
    playbook: string
    looks: string
    event(): Promise<unknown>
  }
  const cases: Case[] = [
    {
      playbook: 'ec2-close-open-ingress',
      looks: 'DescribeNetworkInterfaces',
      event: async () => sshOpen(await plant.group({ source: '0.0.0.0/0' })),
    },
    {
      playbook: 'ec2-unshare-public-snapshot',
      looks: 'DescribeSnapshotAttribute',
      event: async () => snapshotPublic(await plant.snapshot('all')),
    },
    {
      playbook: 'wafv2-block-attacker-ip',
      looks: 'GetWebACL',
      event: async () => probed({ ports: { 80: ['45.155.193.1'] } }),
    },
    {
      playbook: 'ssm-patch-instance',
      looks: 'DescribeInstancePatchStates',
      event: async () => patchesMissing(await plant.instance()),
    },
  ]
  test.each(cases)(
    '$playbook: one change, one run, which both tell of',
    async ({ playbook, looks, event }) => {
      const own = programIn(sandbox())
      own.write('event.json', await event())
      meetAt(own, looks)
      const reports = await atOnce([own, 'event.json'], [own, 'event.json'])
      const of = ({ runs }: { runs: ReportedRun[] }) => runs.filter((run) => run.playbook === playbook)
      expect(reports.map(({ status }) => status)).toEqual([0, 0])
      expect(of(reports[0]!)).toEqual([expect.objectContaining({ state: 'closed', outcome: 'remediated' })])
      expect(of(reports[1]!)).toEqual(of(reports[0]!))
      expect(of(await own.report('runs'))).toEqual(of(reports[0]!))
      expect(took(own)).toHaveLength(1)
    },
  )

  test('two findings about different ports of one group: both are closed', async () => {
    const group = await plant.group({ source: '0.0.0.0/0' }, { source: '0.0.0.0/0', port: 3389 })
    const own = programIn(sandbox())
    own.write('ssh.json', sshOpen(group))
    own.write('rdp.json', commonPortsOpen(group))
    meetAt(own, 'DescribeNetworkInterfaces')
    const reports = await atOnce([own, 'ssh.json'], [own, 'rdp.json'])
    expect(reports.map(({ status }) => status)).toEqual([0, 0])
    expect(await plant.ingress(group)).toEqual([])
    const { runs } = await own.report('runs')
    expect(new Set(runs.flatMap(({ findings }) => findings)).size).toBe(2)
    expect(runs.every(({ outcome }) => outcome === 'remediated' || outcome === 'alreadyCompliant')).toBe(true)
    expect(took(own).length).toBeLessThanOrEqual(2)
  })

  test('two attackers, two findings, one set: both are blocked, nobody else is let in', async () => {
    const own = programIn(sandbox())
    own.write('1.json', probed({ ports: { 80: ['45.155.192.1'] } }))
    own.write('2.json', probed({ ports: { 80: ['45.155.192.2'] } }))
    meetAt(own, 'GetWebACL')
    const reports = await atOnce([own, '1.json'], [own, '2.json'])
    expect(reports.map(({ status }) => status)).toEqual([0, 0])
    expect(await plant.entries(set)).toEqual(
      expect.arrayContaining(['45.155.192.1/32', '45.155.192.2/32', '185.220.101.7/32']),
    )
    expect(took(own)).toHaveLength(2)
  })

  test('approve said twice at once: carried out once', async () => {
    const group = await plant.group({ source: '0.0.0.0/0' })
    const own = programIn(sandbox(), { policy: { version: 1, rules: [{ mode: 'approve' }] } })
    own.write('event.json', sshOpen(group))
    const [asked] = (await own.report('apply', 'event.json')).runs
    const ended = await Promise.all([own.run('approve', asked!.run), own.run('approve', asked!.run)])
    expect(ended.map(({ status }) => status).sort()).toContain(0)
    expect((await own.report('runs')).runs).toMatchObject([{ run: asked!.run, outcome: 'remediated' }])
    expect(took(own)).toHaveLength(1)
    expect(await plant.ingress(group)).toEqual([])
  })
})

describe('with a store each', () => {
  test('the group ends closed, and neither calls it a failure', async () => {
    const group = await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8' })
    const own = programIn(sandbox())
    own.write('event.json', sshOpen(group))
    meetAt(own, 'RevokeSecurityGroupIngress')
    const reports = await atOnce([own, 'event.json', '--state', 'one'], [own, 'event.json', '--state', 'two'])
    expect(reports.map(({ status, runs }) => [status, runs[0]?.outcome])).toEqual([
      [0, 'remediated'],
      [0, 'remediated'],
    ])
    expect(await plant.ingress(group)).toEqual(['tcp 22-22 10.0.0.0/8'])
    expect(took(own)).toHaveLength(1)
  })

  test('the set ends with the address once; the entries of others stay', async () => {
    const own = programIn(sandbox())
    own.write('event.json', probed({ ports: { 80: ['45.155.191.1'] } }))
    meetAt(own, 'UpdateIPSet')
    const reports = await atOnce([own, 'event.json', '--state', 'one'], [own, 'event.json', '--state', 'two'])
    expect(reports.map(({ status }) => status)).toEqual([0, 0])
    const entries = await plant.entries(set)
    expect(entries.filter((entry) => entry === '45.155.191.1/32')).toHaveLength(1)
    expect(entries).toContain('185.220.101.7/32')
    expect(took(own)).toHaveLength(1)
  })
})
