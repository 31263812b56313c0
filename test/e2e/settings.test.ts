import { beforeAll, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import type { TracedCall } from '../../src/aws/clients.ts'
import type { Aws } from '../../src/aws/port.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import type { Intent } from '../../src/engine/ports.ts'
import { WireCount, type WireEntry } from '../../src/engine/rehearsing/wire-count.ts'
import { type ApiCall, call } from '../../src/playbook/api.ts'
import { summaryOf } from '../../src/reports/rehearsal/summary.ts'
import { reportJson } from '../../src/reports/run/run-json.ts'
import type { Run } from '../../src/run/run.ts'
import type { SeenRequest } from '../../src/sandbox/front/front.ts'
import { finding, newWorld, start, type World } from '../engine/simulated-world.ts'
import { namedBy, type Planted, ruleOf, type SettingTable } from '../playbooks/setting-table.ts'
import { tables } from '../playbooks/setting-tables.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { wireTo } from '../support/wire.ts'
import { isChange } from './unplanned-requests.ts'

/**
 * Settings over the wire: the engine, the SDK's clients, an emulator that keeps the values. Every resource that can be
 * planted is; all are put right at once, looked at again, and taken back.
 */

const sandbox = withSandbox({ seed: false })

interface Told {
  planted: Planted
  /** What AWS holds of it: before, after the change, after the undo. */
  live: { before: unknown; after?: unknown; undone?: unknown }
  runs: { applied?: Run; again?: Run; undone?: Run; missing?: Run }
}

const EMPTY = { at: '', ignored: [], rejected: [], titles: {} }

/** What is done about a call that the emulator lacks. */
const UNKNOWN =
  'What the emulator does not know, src/sandbox/overlay/ answers, or the table says why not: wire: { notKept: ... }'

/** So many findings of each are rehearsed, and then applied: as from several rules and detectors. */
const FINDINGS_EACH = 6

const onTheWire = tables.flatMap((table) => ('plant' in table.wire ? [{ table, ...table.wire }] : []))
const told = new Map<string, Told>()
const calls: string[] = []
/** Changes that were sent, in their order; and of those the first, by which all was put right. */
const sent: ApiCall[] = []
const done: ApiCall[] = []
/** What a rehearsal of all of it said, what it changed, and what was there before and after. */
const rehearsal = { findings: 0, runs: [] as Run[], changes: [] as string[], before: '', after: '' }
/** What a rehearsal counted on the wire, and then what went over it when the same findings were applied. */
const onWire = { rehearsed: [] as WireEntry[], applied: [] as SeenRequest[] }
let world: World
let aws: Aws

beforeAll(async () => {
  const config = clientConfig(sandbox())
  const { credentials, ...place } = config
  const wire = new WireCount()
  const trace = (call: TracedCall) => {
    calls.push(call.action)
    wire.call(call)
  }
  aws = wire.counting(
    writingDown(sdkAws({ services, ...place, credentials: async () => credentials, trace })),
    true,
  )
  const rules = onTheWire.flatMap(({ table, parameters = table.parameters }) =>
    parameters ? ruleOf(table.playbook, 'auto', parameters) : [],
  )
  world = newWorld(`version: 1\nrules:\n${rules.join('')}  - mode: auto\n`)
  const { account } = await aws.identity()
  const planter = wireTo(config, account)
  for (const { table, plant } of onTheWire) {
    const { id } = table.playbook
    try {
      const planted = await plant(planter)
      told.set(id, { planted, live: { before: await planted.live() }, runs: {} })
    } catch (cause) {
      throw new Error(`the table of ${id} plants nothing here: ${cause}. ${UNKNOWN}`, { cause })
    }
  }
  await eachEnds(account, config.region, wire)
}, 300_000)

/** The same, with each change written down that is sent. */
function writingDown(aws: Aws): Aws {
  return {
    ...aws,
    send(place, call, options) {
      if (!options?.dryRun && !/^(Describe|Get|List)/.test(call.operation)) sent.push(call)
      return aws.send(place, call, options)
    },
  }
}

/** All that AWS holds of what was planted, to the byte. */
async function held(): Promise<string> {
  const all: unknown[] = []
  for (const { planted } of told.values()) all.push(await planted.live())
  return JSON.stringify(all)
}

/** All of them are rehearsed, put right, looked at, taken back, and looked for where there is none. */
async function eachEnds(account: string, region: string, wire: WireCount): Promise<void> {
  const about = (id: (table: SettingTable) => string | undefined) =>
    onTheWire.flatMap(({ table }) => {
      const named = { ...namedBy(table, account, id(table)), account, region }
      return Array.from({ length: FINDINGS_EACH }, (_, n) =>
        finding(world, { ...named, id: `${n} ${named.type}` }),
      )
    })
  const handle = async (id: (table: SettingTable) => string | undefined, intent: Intent = 'apply') => {
    world.clock.advance(60_000)
    const { engine } = start(world, { aws, answer: () => ({ kind: 'approve' }) })
    return (await engine.handle(about(id), intent)).runs
  }
  const ofPlanted = ({ finding, playbook }: SettingTable) =>
    finding.id === undefined ? undefined : told.get(playbook.id)!.planted.id
  rehearsal.findings = about(ofPlanted).length
  rehearsal.before = await held()
  sandbox().requests.length = 0
  rehearsal.runs = await handle(ofPlanted, 'rehearse')
  rehearsal.changes = sandbox()
    .requests.filter(isChange)
    .map(({ operation }) => operation)
  onWire.rehearsed = wire.entries(account)
  rehearsal.after = await held()
  sandbox().requests.length = 0
  const applied = await handle(ofPlanted)
  onWire.applied = sandbox().requests.filter(({ service }) => service !== 'sts')
  for (const run of applied) {
    const own = told.get(run.playbook)
    if (own) Object.assign(own.runs, { applied: run })
  }
  done.push(...sent)
  for (const each of told.values()) each.live.after = await each.planted.live()
  for (const run of await handle(ofPlanted)) {
    const own = told.get(run.playbook)
    if (own && run.id !== own.runs.applied?.id) own.runs.again = run
  }
  for (const each of told.values()) {
    // What was not put right is told by its own test.
    if (each.runs.applied?.outcome !== 'remediated') continue
    const { engine } = start(world, { aws, answer: () => ({ kind: 'approve' }) })
    const [undone] = (await engine.undo(each.runs.applied!.id, { restFor: 'PT24H' })).runs
    Object.assign(each.runs, { undone })
    each.live.undone = await each.planted.live()
  }
}

test.each(onTheWire.map(({ table }) => [table.playbook.id, table] as const))(
  '%s is put right, found right, and taken back exactly',
  (id) => {
    const { planted, live, runs } = told.get(id)!
    const { before, after, undone } = live
    expect(before).not.toEqual(planted.should)
    expect(runs.applied).toMatchObject({ outcome: 'remediated' })
    expect(after).toEqual(planted.should)
    expect(runs.again).toMatchObject({ outcome: 'alreadyCompliant' })
    expect(runs.undone).toMatchObject({ outcome: 'undone' })
    expect(undone).toEqual('afterUndo' in planted ? planted.afterUndo : before)
  },
)

test('a rehearsal of all of it changes nothing, byte for byte', () => {
  expect(rehearsal.findings).toBeGreaterThan(300)
  expect(
    new Set(rehearsal.runs.filter(({ plan }) => plan).map(({ playbook }) => playbook)).size,
  ).toBeGreaterThan(30)
  expect(rehearsal.changes).toEqual([])
  expect(rehearsal.before.length).toBeGreaterThan(2_000)
  expect(rehearsal.after).toBe(rehearsal.before)
})

test('what is done afterwards is what the rehearsal said: each call, on each resource, in its order', () => {
  const { runs } = reportJson({ runs: rehearsal.runs, ignored: [] }, [])
  const steps = runs.flatMap(({ plan }) => plan?.steps ?? [])
  expect(steps.filter(({ merge }) => merge !== null)).toEqual([])
  const bySaid = (calls: readonly ApiCall[]) => calls.map((each) => JSON.stringify(each)).sort()
  expect(bySaid(done)).toEqual(bySaid(steps.map(({ call }) => call)))
  const places = new Map(done.map((each, index) => [JSON.stringify(each), index]))
  for (const { plan } of runs) {
    const order = (plan?.steps ?? []).map(({ call }) => places.get(JSON.stringify(call))!)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  }
})

test('the calls of the real thing are as many as were reckoned: changes and dry runs exactly, reads between the two', () => {
  const { real } = summaryOf({ ...EMPTY, runs: rehearsal.runs }, onWire.rehearsed)
  const { applied } = onWire
  expect(real.changes).toBe(applied.filter(isChange).length)
  expect(real.dryRuns).toBe(applied.filter(({ dryRun }) => dryRun).length)
  // A tenth less: where one run closes a bucket, another has nothing to ask about any more, and does not look again.
  expect(applied.length).toBeGreaterThan(0.9 * real.calls.least)
  expect(applied.length).toBeLessThanOrEqual(real.calls.most)
  // The two are apart by what only the real thing shows: how much a proof reads, and which looks are old by then.
  expect(real.calls.most).toBeLessThan(2.2 * applied.length)
  expect(real.calls.least).toBeGreaterThan(0.85 * applied.length)
  expect(real.seconds?.least).toBeGreaterThan(0)
})

test('nothing is called that no playbook declares', () => {
  const declared = new Set(
    onTheWire.flatMap(({ table: { playbook } }) => [
      ...playbook.reads,
      ...playbook.writes.map(({ action }) => action),
    ]),
  )
  expect(calls).not.toHaveLength(0)
  const undeclared = calls.filter((action) => !declared.has(action) && !action.startsWith('sts:'))
  expect([...new Set(undeclared)]).toEqual([])
})

describe('by the codes of its service', () => {
  test.each(
    onTheWire.flatMap(({ table, missing }) =>
      missing ? [[table.playbook.id, table, missing] as const] : [],
    ),
  )('%s tells as gone what is not there', async (id, table, missing) => {
    const { account } = await aws.identity()
    const about = finding(world, {
      ...namedBy(table, account, missing),
      account,
      region: clientConfig(sandbox()).region,
    })
    const { runs } = await start(world, { aws }).engine.handle([about], 'apply')
    expect(runs.filter(({ playbook }) => playbook === id)).toMatchObject([{ outcome: 'resourceGone' }])
  })

  test('a change of a database that is gone is named', async () => {
    const { account, partition } = await aws.identity()
    const { region } = clientConfig(sandbox())
    const change = call('rds', 'ModifyDBInstance', { DBInstanceIdentifier: 'gone', DeletionProtection: true })
    await expect(aws.send({ account, region, partition }, change)).rejects.toMatchObject({
      kind: 'gone',
      code: 'DBInstanceNotFound',
    })
  })
})

test('what no emulator keeps is said, with what stands in for it', () => {
  const silent = tables.filter(({ wire }) => 'notKept' in wire && wire.notKept.length < 20)
  expect(silent.map(({ playbook }) => playbook.id)).toEqual([])
})
