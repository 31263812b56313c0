import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { sampleEvents } from '../../src/sandbox/sample-events/sample-events.ts'
import { withSandbox } from '../support/sandbox.ts'
import { newFinding, patchesMissing, probed, snapshotPublic, sshOpen } from './detected-events.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { type Program, type ProgramOptions, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** Every command that meets AWS, as its own process: the documents, the exit status, and what it did to AWS. */

const sandbox = withSandbox()
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})
afterEach(() => {
  sandbox().faults.length = 0
})

const program = (options?: ProgramOptions) => programIn(sandbox(), options)
const openGroup = () => plant.group({ source: '0.0.0.0/0' })
const APPROVE = { version: 1, rules: [{ mode: 'approve' }] }

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

/** A program with one finding about an open group, in `event.json`. */
async function withOpenGroup(options?: ProgramOptions) {
  const group = await openGroup()
  const own = program(options)
  own.write('event.json', sshOpen(group))
  return { group, own }
}

function deny(own: Program, operation: string, dryRun?: boolean): void {
  const when = ({ accessKey }: { accessKey: string }) => accessKey === own.key
  sandbox().faults.push({ operation, when, fault: { kind: 'deny' }, ...(dryRun && { dryRun }) })
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

  test('rehearse dry-runs what can be, writes its reports, and changes nothing', async () => {
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
      'ssm-patch-instance': 'notCheckable',
      'wafv2-block-attacker-ip': 'notCheckable',
    })
    expect(changes(own)).toEqual([])
    for (const { plan } of runs) {
      for (const report of plan ? ['out.html', 'out.md'] : [])
        expect(own.read(report)).toContain(plan!.steps[0]!.call.operation)
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
      { ...newest, approvals: [], audit: [expect.anything(), expect.objectContaining({ event: 'closed' })] },
    ])
    expect(await own.report('sweep')).toMatchObject({ status: 0, runs: [] })
  })
})

describe('approval', () => {
  test('without a terminal the run waits; approve carries it to its end and says who', async () => {
    const { own, group } = await withOpenGroup({ policy: APPROVE })
    const asked = await own.report('apply', 'event.json')
    expect(asked).toMatchObject({
      status: 3,
      runs: [{ state: 'waiting', waitingFor: 'approval', mode: 'approve' }],
    })
    expect(asked.runs[0]?.results).toEqual([expect.objectContaining({ status: 'dryRunOk' })])
    expect(changes(own)).toEqual([])

    const id = asked.runs[0]!.run
    const approved = await own.report('approve', id)
    expect(approved).toMatchObject({ status: 0, runs: [{ run: id, outcome: 'remediated' }] })
    expect(await plant.ingress(group)).toEqual([])
    expect((await own.report('runs', id)).runs[0]?.approvals).toEqual([
      expect.objectContaining({ verdict: 'approve', by: 'arn:aws:iam::123456789012:user/sandbox' }),
    ])
    expect((await own.run('approve', id)).status).toBe(3)
  })

  test('a decline ends it: the decline itself is as wished (0), the same finding again is not (3)', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const [asked] = (await own.report('apply', 'event.json')).runs
    const declined = await own.report('decline', asked!.run, '--reason', 'meant to be public')
    expect(declined).toMatchObject({ status: 0, runs: [{ run: asked!.run, outcome: 'declined' }] })
    expect(declined.runs[0]?.reason).toContain('meant to be public')
    expect(await own.report('apply', 'event.json')).toMatchObject({
      status: 3,
      runs: [{ outcome: 'declined' }],
    })
    expect(changes(own)).toEqual([])
    expect((await own.failure('decline', asked!.run)).error.kind).toBe('usage')
  })

  test('--yes says yes to the first plan; --approve to exactly that plan and to no other', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const wrong = `sha256:${'0'.repeat(64)}`
    const left = await own.report('apply', 'event.json', '--approve', wrong, '--yes')
    expect(left).toMatchObject({ status: 3, runs: [{ waitingFor: 'approval' }] })
    expect((await own.run('approve', left.runs[0]!.run, '--approve', wrong)).status).toBe(3)
    expect(changes(own)).toEqual([])
    const right = await own.report('apply', 'event.json', '--approve', left.runs[0]!.plan!.hash)
    expect(right).toMatchObject({ status: 0, runs: [{ run: left.runs[0]!.run, outcome: 'remediated' }] })

    const other = await withOpenGroup({ policy: APPROVE })
    expect(await other.own.report('apply', 'event.json', '--yes')).toMatchObject({
      status: 0,
      runs: [{ outcome: 'remediated' }],
    })
  })

  test('who is not among the approvers may not say yes in any way; the run is left waiting', async () => {
    const approval = { approvers: ['arn:aws:iam::*:role/Oncall'] }
    const { own } = await withOpenGroup({
      policy: { version: 1, rules: [{ mode: 'approve', approval }] },
    })
    const asked = await own.report('apply', 'event.json', '--yes')
    const id = asked.runs[0]!.run
    expect(asked).toMatchObject({ status: 3, runs: [{ state: 'waiting' }] })
    const refused = await own.report('approve', id)
    expect(refused).toMatchObject({ status: 3, runs: [{ run: id, state: 'waiting' }] })
    expect((await own.report('apply', 'event.json', '--approve', asked.runs[0]!.plan!.hash)).status).toBe(3)
    expect((await own.report('runs')).runs).toMatchObject([{ run: id, state: 'waiting' }])
    expect(changes(own)).toEqual([])
  })

  test('a quorum of two is not reached by one person who says yes twice', async () => {
    const approval = { approvers: ['arn:aws:iam::*:user/sandbox'], quorum: 2 }
    const { own } = await withOpenGroup({ policy: { version: 1, rules: [{ mode: 'approve', approval }] } })
    const { status, runs } = await own.report('apply', 'event.json', '--yes')
    expect({ status, runs }).toMatchObject({ status: 3, runs: [{ waitingFor: 'approval' }] })
    expect((await own.run('approve', runs[0]!.run)).status).toBe(3)
    expect((await own.report('runs', runs[0]!.run)).runs).toMatchObject([
      { state: 'waiting', approvals: [{}] },
    ])
    expect(changes(own)).toEqual([])
  })

  test('a plan that has changed since it was asked about is asked about again', async () => {
    const { own, group } = await withOpenGroup({ policy: APPROVE })
    const [asked] = (await own.report('apply', 'event.json')).runs
    await plant.open(group, { source: '::/0' })
    const again = await own.report('approve', asked!.run)
    expect(again).toMatchObject({ status: 3, runs: [{ run: asked!.run, state: 'waiting' }] })
    expect(again.runs[0]?.plan?.hash).not.toBe(asked!.plan!.hash)
    expect(changes(own)).toEqual([])
    expect(await own.report('approve', asked!.run)).toMatchObject({ runs: [{ outcome: 'remediated' }] })
    expect(await plant.ingress(group)).toEqual([])
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

describe('exit status', () => {
  test('of a batch is that of the worst: went wrong before unreadable before held before fine', async () => {
    const [fine, held, broken, exempt, told, off] = await Promise.all(Array.from({ length: 6 }, openGroup))
    const rules = [
      { when: { resource: [told] }, mode: 'notify' },
      { when: { resource: [off] }, mode: 'off' },
      { mode: 'auto' },
    ]
    const exemptions = [{ resource: exempt, owner: 'netops', reason: 'bastion', until: '2099-12-31' }]
    const policy = { version: 1, rules, exemptions, never: { resources: [held] } }
    const events = (own: Program) => {
      const groups = { fine, held, broken, exempt, told, off }
      for (const [name, group] of Object.entries(groups)) own.write(`${name}.json`, sshOpen(group!))
      own.write('garbage.json', '{ "not": "an event" }')
      const notYet = { source: 'aws.macie', 'detail-type': 'Macie Finding', detail: { id: 'f' } }
      own.write('later.json', { version: '0', account: '123456789012', region: 'us-east-1', ...notYet })
      return own
    }
    const outcome =
      (...files: string[]) =>
      async (own: Program) => {
        const { status, runs, rejected } = await own.report('apply', ...files.map((name) => `${name}.json`))
        return [status, ...runs.map(({ outcome }) => outcome), ...rejected.map(({ code }) => code)]
      }
    const own = events(program({ policy }))
    deny(own, 'RevokeSecurityGroupIngress')
    expect(await outcome('broken', 'held', 'garbage')(own)).toEqual([1, 'failed', 'blocked', 'unknownShape'])
    sandbox().faults.length = 0
    expect(await outcome('held', 'garbage', 'exempt')(own)).toEqual([
      2,
      'blocked',
      'exempted',
      'unknownShape',
    ])
    expect(await outcome('held', 'fine', 'later')(own)).toEqual([
      3,
      'blocked',
      'remediated',
      'unsupportedSource',
    ])
    const asWished = [0, 'remediated', 'exempted', 'notified', 'off', 'unsupportedSource']
    expect(await outcome('fine', 'exempt', 'told', 'off', 'later')(own)).toEqual(asWished)
  })

  test('a denied dry run is worth 0 in a rehearsal, and names who was denied what', async () => {
    const { own } = await withOpenGroup()
    deny(own, 'RevokeSecurityGroupIngress', true)
    const { status, runs } = await own.report('rehearse', 'event.json')
    expect({ status, runs }).toMatchObject({ status: 0, runs: [{ outcome: 'rehearsed' }] })
    expect(runs[0]?.results[0]).toMatchObject({
      status: 'dryRunDenied',
      error: {
        action: 'ec2:RevokeSecurityGroupIngress',
        principal: 'arn:aws:iam::123456789012:user/sandbox',
      },
    })
  })

  test('a denied dry run ends a run that needs a word failed, before anybody is asked', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    deny(own, 'RevokeSecurityGroupIngress', true)
    expect(await own.report('apply', 'event.json')).toMatchObject({
      status: 1,
      runs: [{ outcome: 'failed' }],
    })
    expect(changes(own)).toEqual([])
  })
})

describe('without a policy file', () => {
  test('rehearse rehearses and apply changes nothing', async () => {
    const { own } = await withOpenGroup({ policy: 'none' })
    expect(await own.triage('triage', 'event.json')).toMatchObject({
      status: 0,
      findings: [{ actions: [{ mode: 'rehearse', reason: expect.stringContaining('no policy file') }] }],
    })
    expect(await own.report('rehearse', 'event.json')).toMatchObject({
      status: 0,
      runs: [{ outcome: 'rehearsed', results: [{ status: 'dryRunOk' }] }],
    })
    const { status, runs } = await own.report('apply', 'event.json')
    expect({ status, runs }).toMatchObject({ status: 3, runs: [{ outcome: 'blocked' }] })
    expect(runs[0]?.reason).toContain('no policy file')
    expect(changes(own)).toEqual([])
  })
})

describe('refused as a whole (2), with nothing done', () => {
  test.each(['triage', 'plan', 'rehearse', 'apply'])(
    '%s by a policy that is wrong, before any call',
    async (command) => {
      const { own } = await withOpenGroup({ policy: 'version: 1\nrules:\n  - mode: atuo\n' })
      const { status, error } = await own.failure(command, 'event.json')
      expect(status).toBe(2)
      expect(error).toMatchObject({
        kind: 'policy',
        file: join(own.folder, 'rectify.yaml'),
        line: 3,
        key: 'rules[0].mode',
      })
      expect(error.message).toContain('auto')
      expect(own.requests()).toEqual([])
    },
  )

  test('a policy that is named and missing', async () => {
    const { own } = await withOpenGroup()
    const { status, error } = await own.failure('apply', 'event.json', '--policy', 'other.yaml')
    expect({ status, error }).toMatchObject({
      status: 2,
      error: { kind: 'policy', file: join(own.folder, 'other.yaml') },
    })
    expect(own.requests()).toEqual([])
  })

  test('credentials that are missing, and an endpoint that does not answer', async () => {
    const nobody = await withOpenGroup({ env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' } })
    expect(await nobody.own.failure('apply', 'event.json')).toMatchObject({
      status: 2,
      error: { kind: 'credentials' },
    })
    const nowhere = await withOpenGroup()
    const lost = await nowhere.own.failure('apply', 'event.json', '--endpoint-url', 'http://127.0.0.1:9')
    expect(lost).toMatchObject({ status: 2, error: { kind: 'endpoint' } })
    expect(nowhere.own.requests()).toEqual([])
  })

  test('a path that cannot be read', async () => {
    const { own } = await withOpenGroup()
    expect(await own.failure('apply', 'event.json', 'nowhere.json')).toMatchObject({
      status: 2,
      error: { kind: 'input', message: expect.stringContaining('nowhere.json') },
    })
    expect(own.requests()).toEqual([])
  })

  test.each([
    ['a command that does not exist', ['aply', 'event.json']],
    ['an option that does not exist', ['apply', 'event.json', '--force']],
    ['nothing to do', ['apply']],
    ['a playbook without a resource', ['apply', '--playbook', 'ec2-close-open-ingress']],
    ['an unknown playbook', ['plan', '--playbook', 'ec2-close', '--resource', 'sg-0']],
    ['an unknown run', ['undo', '01JD8Q4Z3MABCDEFGHJKMNPQRS', '--yes']],
  ])('%s', async (_, args) => {
    const { own } = await withOpenGroup()
    expect(await own.failure(...args)).toMatchObject({ status: 2, error: { kind: 'usage' } })
    expect(changes(own)).toEqual([])
  })
})

describe('input', () => {
  test('content that cannot be read is rejected by name, the rest is done', async () => {
    const { own, group } = await withOpenGroup()
    own.write('broken.json', '{ "detail": ')
    own.write('empty.json', '[]')
    const { status, runs, rejected } = await own.report('apply', 'broken.json', 'event.json', 'empty.json')
    expect({ status, runs, rejected }).toMatchObject({
      status: 2,
      runs: [{ outcome: 'remediated' }],
      rejected: [
        { event: 'broken.json', code: 'notJson' },
        { event: 'empty.json', code: 'unknownShape' },
      ],
    })
    expect(await plant.ingress(group)).toEqual([])
  })

  test('comes from standard input as well', async () => {
    const group = await openGroup()
    const own = program({ stdin: JSON.stringify(sshOpen(group)) })
    expect(await own.report('apply', '-')).toMatchObject({ status: 0, runs: [{ outcome: 'remediated' }] })
    expect(await plant.ingress(group)).toEqual([])
  })

  test('may be a resource that a person names, by id or ARN, in the caller’s account and the given region', async () => {
    const group = await openGroup()
    const own = program({ env: { AWS_REGION: undefined } })
    const named = ['--playbook', 'ec2-close-open-ingress', '--resource', group]
    expect((await own.failure('plan', ...named)).error.kind).toBe('usage')
    const { status, runs } = await own.report('apply', ...named, '--region', 'us-east-1')
    expect({ status, runs }).toMatchObject({
      status: 0,
      runs: [{ outcome: 'remediated', account: '123456789012', region: 'us-east-1' }],
    })
    const arn = runs[0]!.resource
    expect(arn).toBe(`arn:aws:ec2:us-east-1:123456789012:security-group/${group}`)
    expect(await own.report('plan', '--playbook', 'ec2-close-open-ingress', '--resource', arn)).toMatchObject(
      {
        status: 0,
        runs: [{ outcome: 'alreadyCompliant', resource: arn }],
      },
    )
  })

  test('is left alone where the detector says that it is over, archived or a sample', async () => {
    const own = program()
    for (const { name, event } of sampleEvents(sandbox().seeds)) own.write(`${name}.json`, event)
    const archived = JSON.stringify(probed({ ports: { 80: [newAttacker()] } }))
    own.write('archived.json', archived.replace('"archived":false', '"archived":true'))
    const { status, runs, ignored } = await own.report(
      ...['apply', 'ssh-resolved.json', 'port-probe-sample.json', 'archived.json', '--include-samples'],
    )
    expect({ status, runs }).toEqual({ status: 0, runs: [] })
    expect(ignored.map(({ reason }) => reason).sort()).toEqual(['archived', 'resolved', 'sample'])
    expect(own.requests().filter(({ operation }) => operation !== 'GetCallerIdentity')).toEqual([])
    const planned = await own.report('plan', 'port-probe-sample.json', '--include-samples')
    expect(planned.runs.length).toBeGreaterThan(0)
  })

  test('about another account is blocked, and nothing is read there', async () => {
    const { own } = await withOpenGroup()
    own.write('event.json', own.read('event.json').replaceAll('123456789012', '210987654321'))
    const { status, runs } = await own.report('apply', 'event.json')
    expect({ status, runs }).toMatchObject({
      status: 3,
      runs: [{ outcome: 'blocked', account: '210987654321' }],
    })
    expect(runs[0]?.reason).toMatch(/^wrong account/)
    expect(own.requests().map(({ operation }) => operation)).toEqual(['GetCallerIdentity'])
  })

  test('-v tells each call on stderr, and who changes what where is told in any case', async () => {
    const { own } = await withOpenGroup()
    const told = await own.report('apply', 'event.json', '-v')
    for (const { service, operation } of own.requests())
      expect(told.stderr).toMatch(new RegExp(`^${service}:${operation} us-east-1 \\d+ ms request \\S+$`, 'm'))
    const quiet = await withOpenGroup()
    const { stderr } = await quiet.own.report('apply', 'event.json')
    expect(stderr).toBe('account 123456789012 as arn:aws:iam::123456789012:user/sandbox in us-east-1\n')
  })

  test('goes where the finding is, not where --region points', async () => {
    const { own } = await withOpenGroup()
    const { runs } = await own.report('apply', 'event.json', '--region', 'eu-central-1')
    expect(runs).toMatchObject([{ outcome: 'remediated', region: 'us-east-1' }])
    const ec2 = own.requests().filter(({ service }) => service === 'ec2')
    expect(new Set(ec2.map(({ region }) => region))).toEqual(new Set(['us-east-1']))
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
