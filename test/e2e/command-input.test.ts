import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { sampleEvents } from '../../src/sandbox/sample-events/sample-events.ts'
import { withSandbox } from '../support/sandbox.ts'
import { probed, sshOpen } from './detected-events.ts'
import { programWithOpenGroup } from './open-group.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { APPROVE, type Program, type ProgramOptions, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** What a command is given, what it takes of it, and with which exit status it ends. */

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
const withOpenGroup = (options?: ProgramOptions) => programWithOpenGroup(sandbox(), plant, options)

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
      return own
    }
    const outcome =
      (...files: string[]) =>
      async (own: Program) => {
        const { status, runs, rejected } = await own.report('apply', ...files.map((name) => `${name}.json`))
        return [status, ...runs.map(({ outcome }) => outcome), ...rejected.map(({ code }) => code)]
      }
    const own = events(program({ policy }))
    own.strike('RevokeSecurityGroupIngress', { kind: 'deny' })
    expect(await outcome('broken', 'held', 'garbage')(own)).toEqual([1, 'failed', 'blocked', 'unknownShape'])
    sandbox().faults.length = 0
    expect(await outcome('held', 'garbage', 'exempt')(own)).toEqual([
      2,
      'blocked',
      'exempted',
      'unknownShape',
    ])
    expect(await outcome('held', 'fine')(own)).toEqual([3, 'blocked', 'remediated'])
    const asWished = [0, 'remediated', 'exempted', 'notified', 'off']
    expect(await outcome('fine', 'exempt', 'told', 'off')(own)).toEqual(asWished)
  })

  test('a denied dry run is worth 0 in a rehearsal, and names who was denied what', async () => {
    const { own } = await withOpenGroup()
    own.strike('RevokeSecurityGroupIngress', { kind: 'deny' }, { dryRun: true })
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
    own.strike('RevokeSecurityGroupIngress', { kind: 'deny' }, { dryRun: true })
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
    const archived = JSON.stringify(probed({ ports: { 80: ['45.155.204.1'] } }))
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
