import { UpdateIPSetCommand } from '@aws-sdk/client-wafv2'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { withSandbox } from '../support/sandbox.ts'
import { newFinding, probed } from './detected-events.ts'
import type { ReportedRun } from './pinned-documents.ts'
import { type PlantedSet, type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** Where other engines were seen to go wrong with a block list, against sets that are really there. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
let shared: Record<4 | 6, PlantedSet>
beforeAll(async () => {
  plant = plantIn(sandbox())
  const [v4, v6] = await plant.blockSets([
    { name: 'rectify-block-v4', family: 4, entries: ['185.220.101.7/32'] },
    { name: 'rectify-block-v6', family: 6 },
  ])
  shared = { 4: v4!, 6: v6! }
})
afterEach(() => {
  sandbox().faults.length = 0
})

const ONLY_WAF = { when: { playbook: 'wafv2-block-attacker-ip' }, mode: 'auto' }

/** A program with one event. */
function withEvent(event: unknown, policy?: object): Program {
  const own = programIn(sandbox(), policy ? { policy } : {})
  own.write('event.json', event)
  return own
}

/** The block runs of a finding about a probe; the playbook for groups has nothing to do with it here. */
async function block(own: Program, ...args: string[]) {
  const report = await own.report('apply', 'event.json', ...args)
  return { ...report, runs: report.runs.filter(({ playbook }) => playbook === 'wafv2-block-attacker-ip') }
}

/** A finding about somebody who probes the web server; only WAF is asked. */
function probe(ports: Record<number, string[]>, parameters: object = {}, more: object = {}): Program {
  return withEvent(probed({ ports }), { version: 1, rules: [{ ...ONLY_WAF, parameters }], ...more })
}

describe('blocking an address', () => {
  test('private, loopback, metadata and allow-listed addresses are refused, with the reason', async () => {
    const harmless = ['10.0.0.5', '127.0.0.1', '169.254.169.254', '198.18.0.9', '45.155.202.77']
    const own = probe({ 80: harmless }, {}, { never: { addresses: ['45.155.202.0/24'] } })
    const { status, runs } = await block(own)
    expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'notApplicable' })
    for (const address of harmless) expect(runs[0]?.reason).toContain(address)
    expect(changes(own)).toEqual([])
  })

  test('where our side is the one that acts, nobody is blocked', async () => {
    const event = JSON.stringify(probed({ ports: { 80: ['45.155.201.1'] } }))
    const own = withEvent(event.replace('"resourceRole":"TARGET"', '"resourceRole":"ACTOR"'))
    expect((await block(own)).runs).toMatchObject([{ outcome: 'notApplicable' }])
    expect(changes(own)).toEqual([])
  })

  test('IPv6 goes into its own set, an IPv4 address in IPv6 clothes into that of IPv4', async () => {
    const own = probe({ 80: ['2a0b:f4c2:0:0::99', '::ffff:45.155.205.77'] })
    const { status, runs } = await block(own)
    expect({ status, outcomes: runs.map(({ outcome }) => outcome) }).toEqual({
      status: 0,
      outcomes: ['remediated', 'remediated'],
    })
    expect(await plant.entries(shared[4])).toContain('45.155.205.77/32')
    expect(await plant.entries(shared[6])).toEqual(['2a0b:f4c2:0000:0000:0000:0000:0000:0099/128'])
  })

  test('eight addresses on four ports are blocked by one update', async () => {
    const addresses = Array.from({ length: 8 }, (_, n) => `45.155.200.${n + 1}`)
    const [a, b, c, d] = [0, 2, 4, 6].map((n) => addresses.slice(n, n + 2))
    const own = probe({ 80: a!, 443: b!, 8080: c!, 8443: d! })
    expect(await block(own)).toMatchObject({ status: 0, runs: [{ outcome: 'remediated' }] })
    expect(changes(own)).toHaveLength(1)
    const entries = await plant.entries(shared[4])
    expect(entries).toEqual(expect.arrayContaining(addresses.map((address) => `${address}/32`)))
    expect(entries).toContain('185.220.101.7/32')
  })

  test('somebody writes to the set between our read and our write: tried again, their entry survives', async () => {
    const own = probe({ 80: ['45.155.199.1'] })
    const before = () => plant.alsoBlock(shared[4], '91.240.118.5/32')
    own.strike('UpdateIPSet', { kind: 'hook', before }, { count: 1 })
    expect(await block(own)).toMatchObject({ status: 0, runs: [{ outcome: 'remediated' }] })
    expect(changes(own).map(({ status }) => status)).toEqual([400, 200])
    expect(await plant.entries(shared[4])).toEqual(
      expect.arrayContaining(['45.155.199.1/32', '91.240.118.5/32']),
    )
  })

  test('blocks end; seen again the end moves; with the last one the set is empty', async () => {
    const [set] = await plant.blockSets([{ name: 'for-seconds', family: 4 }])
    const parameters = { ipv4Set: 'for-seconds', expiresAfter: '8s' }
    const own = probe({ 80: ['45.155.198.1'] }, parameters)
    const first = await block(own)
    expect(first).toMatchObject({ runs: [{ outcome: 'remediated' }] })
    own.write('event.json', probed({ ports: { 80: ['45.155.198.1'] }, finding: newFinding() }))
    const longer = JSON.parse(own.read('rectify.yaml'))
    longer.rules[0].parameters.expiresAfter = '10s'
    own.write('rectify.yaml', longer)
    const again = await block(own)
    expect(again).toMatchObject({ runs: [{ outcome: 'alreadyCompliant' }] })
    const end = Date.parse(again.runs[0]!.endedAt!) + 10_000

    const swept = await sweptUntil(own, ({ outcome }) => outcome === 'undone')
    expect(Date.now()).toBeGreaterThanOrEqual(end)
    expect(swept).toMatchObject({ undoOf: first.runs[0]!.run, mode: 'auto' })
    expect(await plant.entries(set!)).toEqual([])
    expect(changes(own)).toHaveLength(2)
  })

  test('a full set takes no more and loses none; the program says so', async () => {
    const full = Array.from(
      { length: 10_000 },
      (_, n) => `45.${100 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}/32`,
    )
    const [set] = await plant.blockSets([{ name: 'full', family: 4, entries: full }])
    const own = probe({ 80: ['45.155.197.1'] }, { ipv4Set: 'full' })
    const { status, runs } = await block(own)
    expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'notApplicable' })
    expect(runs[0]?.reason).toContain('full')
    expect(await plant.entries(set!)).toHaveLength(10_000)
  })

  test.each([
    ['no rule blocks on it', () => plant.blockSets([])],
    [
      'the web ACL protects nothing',
      () => plant.blockSets([{ name: 'unattached', family: 4 }], { attached: false }),
    ],
  ])('a set that blocks nothing, because %s, is not written to', async (why, prepare) => {
    await prepare()
    const name = why.startsWith('no rule') ? 'no-such-set' : 'unattached'
    const own = probe({ 80: ['45.155.196.1'] }, { ipv4Set: name })
    const { runs } = await block(own)
    expect(runs).toMatchObject([{ outcome: 'notApplicable' }])
    expect(runs[0]?.reason).toContain('aws wafv2 ')
    expect(changes(own)).toEqual([])
  })

  /** Sweeps until a run ends so; at most for half a minute. */
  async function sweptUntil(own: Program, ends: (run: ReportedRun) => boolean): Promise<ReportedRun> {
    const start = Date.now()
    while (Date.now() - start < 30_000) {
      const run = (await own.report('sweep')).runs.find(ends)
      if (run) return run
    }
    throw new Error('swept for half a minute, and nothing of the kind has ended')
  }
})

test('a set that somebody else empties meanwhile is not filled again by an expiry', async () => {
  const [set] = await plant.blockSets([{ name: 'emptied', family: 4 }])
  const own = probe({ 80: ['45.155.195.1'] }, { ipv4Set: 'emptied', expiresAfter: '1s' })
  await block(own)
  const where = { Name: set!.name, Id: set!.id, Scope: 'REGIONAL' } as const
  await plant.wafv2.send(
    new UpdateIPSetCommand({ ...where, LockToken: await plant.lockToken(set!), Addresses: [] }),
  )
  for (let turn = 0; turn < 6; turn++) await own.report('sweep')
  expect(await plant.entries(set!)).toEqual([])
  expect(changes(own)).toHaveLength(1)
})
