import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { sampleEvents } from '../../src/sandbox/sample-events/sample-events.ts'
import { unpacked } from '../support/packed-runs.ts'
import { withSandbox } from '../support/sandbox.ts'
import { newFinding, patchesMissing, probed, snapshotPublic, sshOpen } from './detected-events.ts'
import { programWithOpenGroup } from './open-group.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { APPROVE, type Program, type ProgramOptions, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** Every command that meets AWS, as its own process: the documents, the exit status, and what it did to AWS. */

const sandbox = withSandbox()
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})

const program = (options?: ProgramOptions) => programIn(sandbox(), options)
const openGroup = () => plant.group({ source: '0.0.0.0/0' })
const withOpenGroup = (options?: ProgramOptions) => programWithOpenGroup(sandbox(), plant, options)

/** One finding per playbook, each about a resource of its own. */
async function oneOfEach(): Promise<Record<string, Record<string, unknown>>> {
  return {
    'ec2-close-open-ingress': sshOpen(await openGroup()),
    'ec2-unshare-public-snapshot': snapshotPublic(await plant.snapshot('all', '111122223333')),
    'ssm-patch-instance': patchesMissing(await plant.instance()),
    'wafv2-block-attacker-ip': probed({ ports: { 443: [newAttacker()] } }),
  }
}

let attackers = 0
const newAttacker = () => `45.155.204.${++attackers}`

function writeAll(into: Program, events: Record<string, unknown>): void {
  for (const [name, event] of Object.entries(events)) into.write(`events/${name}.json`, event)
}

describe('the four playbooks', () => {
  const OUTCOMES = ['notApplicable', 'remediated', 'remediated', 'remediated', 'remediated']
  const sorted = (runs: { outcome: string | null }[]) => runs.map(({ outcome }) => outcome).sort()

  test('triage answers each sample without a word to AWS', async () => {
    const own = program({ env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' } })
    writeAll(own, Object.fromEntries(sampleEvents(sandbox().seeds).map(({ name, event }) => [name, event])))
    const before = sandbox().requests.length
    const { status, findings, rejected } = await own.triage('triage', 'events')
    expect({ status, rejected }).toEqual({ status: 0, rejected: [] })
    expect(findings).toHaveLength(9)
    expect(findings.map(({ ignored }) => ignored).filter(Boolean)).toEqual(['sample', 'resolved'])
    const answering = findings.flatMap(({ actions }) => actions.map(({ playbook }) => playbook))
    expect([...new Set(answering)].sort()).toEqual(Object.keys(await oneOfEach()))
    expect(
      sandbox()
        .requests.slice(before)
        .filter(({ accessKey }) => accessKey === ''),
    ).toEqual([])
    expect(existsSync(join(own.folder, '.rectify'))).toBe(false)
  })

  test('plan shows what would change, and why the policy would or would not, whatever the mode', async () => {
    const own = program({ policy: { version: 1, rules: [{ mode: 'off' }] } })
    writeAll(own, await oneOfEach())
    const { status, runs } = await own.report('plan', 'events')
    expect(status).toBe(0)
    expect(sorted(runs)).toEqual(['notApplicable', 'planned', 'planned', 'planned', 'planned'])
    expect(runs.filter(({ outcome }) => outcome === 'planned')).toEqual(
      Array(4).fill(expect.objectContaining({ mode: 'off', state: 'closed', results: [] })),
    )
    expect(changes(own)).toEqual([])
    expect(own.requests().filter(({ dryRun }) => dryRun)).toEqual([])
    expect(existsSync(join(own.folder, '.rectify'))).toBe(false)
  })

  test('rehearse asks AWS about every call, writes its reports, and changes nothing', async () => {
    const own = program()
    writeAll(own, await oneOfEach())
    const { status, runs } = await own.report(
      ...['rehearse', 'events', '--html', 'out.html', '--markdown', 'out.md'],
    )
    expect(status).toBe(0)
    expect(sorted(runs)).toEqual(['notApplicable', 'rehearsed', 'rehearsed', 'rehearsed', 'rehearsed'])
    const said = runs.flatMap(({ playbook, results }) => results.map((result) => [playbook, result.status]))
    expect(Object.fromEntries(said)).toEqual({
      'ec2-close-open-ingress': 'dryRunOk',
      'ec2-unshare-public-snapshot': 'dryRunOk',
      'ssm-patch-instance': 'simulatedOk',
      'wafv2-block-attacker-ip': 'simulatedOk',
    })
    expect(changes(own)).toEqual([])
    const reports = [own.read('out.md'), unpacked(own.read('out.html'))]
    for (const { plan } of runs) {
      for (const report of plan ? reports : []) expect(report).toContain(plan!.steps[0]!.call.operation)
    }
    expect(existsSync(join(own.folder, '.rectify'))).toBe(false)
  })

  test('apply puts all of it right, and runs remembers it, newest first', async () => {
    const own = program()
    writeAll(own, await oneOfEach())
    const { status, runs } = await own.report('apply', 'events')
    expect({ status, outcomes: sorted(runs) }).toEqual({ status: 0, outcomes: OUTCOMES })
    const results = runs.flatMap((run) => run.results)
    expect(results.map((result) => [result.status, result.error])).toEqual(Array(4).fill(['applied', null]))
    expect(changes(own)).toHaveLength(4)

    const stored = await own.report('runs')
    expect(stored.status).toBe(0)
    expect(stored.runs.map(({ run }) => run)).toEqual(
      runs
        .map(({ run }) => run)
        .sort()
        .reverse(),
    )
    const [newest] = stored.runs
    const one = await own.report('runs', newest!.run)
    expect(one.runs).toEqual([
      {
        ...newest,
        approvals: [],
        told: [],
        card: null,
        audit: [expect.anything(), expect.objectContaining({ event: 'closed' })],
      },
    ])
    expect(await own.report('sweep')).toMatchObject({ status: 0, runs: [] })
  })
})

describe('undo', () => {
  test('asks first; confirmed, it restores descriptions and tags, and holds the resource', async () => {
    const rule = { source: '0.0.0.0/0', description: 'ticket 4711', tags: { ticket: '4711' } }
    const group = await plant.group(rule, { source: '10.0.0.0/8' })
    const own = program()
    own.write('event.json', sshOpen(group))
    const before = await plant.ingress(group)
    const [first] = (await own.report('apply', 'event.json')).runs
    expect(await plant.ingress(group)).not.toEqual(before)

    expect(await own.report('undo', first!.run)).toMatchObject({
      status: 3,
      runs: [{ undoOf: first!.run, state: 'waiting', waitingFor: 'approval' }],
    })
    const { status, runs } = await own.report('undo', first!.run, '--yes')
    expect({ status, runs }).toMatchObject({ status: 0, runs: [{ undoOf: first!.run, outcome: 'undone' }] })
    expect(await plant.ingress(group)).toEqual(before)
    expect((await own.report('runs', first!.run)).runs[0]).toMatchObject({ undoneBy: runs[0]!.run })
    const held = await own.report('apply', 'event.json')
    expect(held).toMatchObject({ status: 0, runs: [{ outcome: 'exempted' }] })
    expect(held.runs[0]?.reason).toMatch(/^undone by /)
  })

  test('gives the group all back to the snapshot, and takes an address out of the set', async () => {
    const snapshot = await plant.snapshot('all')
    const attacker = newAttacker()
    const own = program()
    own.write('events/1.json', snapshotPublic(snapshot))
    own.write('events/2.json', probed({ ports: { 80: [attacker] } }))
    const { runs } = await own.report('apply', 'events')
    const set = {
      name: 'rectify-block-v4',
      id: sandbox().seeds['rectify-block-v4']!,
      arn: sandbox().seeds['rectify-block-v4-arn']!,
    }
    expect(await plant.shares(snapshot)).toEqual([])
    expect(await plant.entries(set)).toContain(`${attacker}/32`)
    for (const { run } of runs.filter(({ outcome }) => outcome === 'remediated')) {
      expect(await own.report('undo', run, '--yes')).toMatchObject({
        status: 0,
        runs: [{ outcome: 'undone' }],
      })
    }
    expect(await plant.shares(snapshot)).toEqual(['all'])
    expect(await plant.entries(set)).not.toContain(`${attacker}/32`)
    expect(await plant.entries(set)).toContain('185.220.101.7/32')
  })

  test('a patch run is not taken back, and says so', async () => {
    const own = program()
    own.write('event.json', patchesMissing(await plant.instance()))
    const [first] = (await own.report('apply', 'event.json')).runs
    const { runs } = await own.report('undo', first!.run, '--yes')
    expect(runs).toMatchObject([{ outcome: 'notApplicable', undoOf: first!.run }])
    expect(changes(own)).toHaveLength(1)
  })
})

describe('stored runs', () => {
  test('of two stores know nothing of each other', async () => {
    const { own } = await withOpenGroup()
    const [first] = (await own.report('apply', 'event.json', '--state', 'one')).runs
    const second = await own.report('apply', 'event.json', '--state', 'two')
    expect(second).toMatchObject({ status: 0, runs: [{ outcome: 'alreadyCompliant' }] })
    expect((await own.report('runs', '--state', 'one')).runs.map(({ run }) => run)).toEqual([first!.run])
    expect((await own.report('runs', '--state', 'two')).runs.map(({ run }) => run)).toEqual([
      second.runs[0]!.run,
    ])
    expect((await own.report('runs')).runs).toEqual([])
  })

  test('remember the policy that decided them; unreadable, it blocks what it would have let through', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const [asked] = (await own.report('apply', 'event.json')).runs
    own.write('rectify.yaml', 'version: 1\nrules: [ { mode: ')
    const { status, runs } = await own.report('approve', asked!.run)
    expect({ status, runs }).toMatchObject({ status: 3, runs: [{ run: asked!.run, outcome: 'blocked' }] })
    expect(runs[0]?.reason).toContain('cannot evaluate policy')
    expect(changes(own)).toEqual([])
  })

  test('are found by a finding that comes again: shown as they are, nothing is changed twice', async () => {
    const { own } = await withOpenGroup()
    const [first] = (await own.report('apply', 'event.json')).runs
    const again = await own.report('apply', 'event.json')
    expect(again).toMatchObject({ status: 0 })
    expect(again.runs).toEqual([first])
    expect(changes(own)).toHaveLength(1)
  })
})

test('an attacker that is found again by another finding is held, not blocked twice, and let in by one command', async () => {
  const attacker = newAttacker()
  const own = program({
    policy: { version: 1, rules: [{ when: { playbook: 'wafv2-block-attacker-ip' }, mode: 'auto' }] },
  })
  own.write('1.json', probed({ ports: { 80: [attacker] } }))
  own.write('2.json', probed({ ports: { 80: [attacker] }, finding: newFinding() }))
  await own.report('apply', '1.json')
  const { status, runs } = await own.report('apply', '2.json')
  expect(status).toBe(0)
  expect(runs.find(({ playbook }) => playbook === 'wafv2-block-attacker-ip')?.outcome).toBe(
    'alreadyCompliant',
  )
  expect(changes(own)).toHaveLength(1)

  const asked = await own.run('unblock', attacker)
  const freed = await own.run('unblock', attacker, '--yes')
  const again = await own.run('unblock', attacker, '--yes')
  expect(asked).toMatchObject({ status: 3, document: { held: [{ holders: [{}, {}] }] } })
  expect(freed).toMatchObject({ status: 0, document: { runs: [{ outcome: 'undone' }] } })
  expect(again).toMatchObject({ status: 2, document: { error: { kind: 'usage' } } })
  expect(changes(own)).toHaveLength(2)
})
