import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { MAIN, type Ran, rectify } from '../support/program-without-aws.ts'

const EVENTS = fileURLToPath(new URL('../events', import.meta.url))
const SSH = join(EVENTS, 'config-compliance-restricted-ssh.json')
const COMMANDS = [
  ...['demo', 'init', 'triage', 'plan', 'rehearse', 'apply', 'runs', 'approve', 'decline', 'undo'],
  ...['unblock', 'sweep'],
  ...['pause', 'resume', 'send', 'playbooks', 'policy', 'iam', 'sandbox'],
]

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rectify-cli-'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

const run = (...args: string[]) => rectify(args, { cwd })
const error = (ran: Ran) => ran.document().error as Record<string, unknown>

describe('the help', () => {
  test('lists every command', async () => {
    const { status, stdout } = await run('--help')
    expect(status).toBe(0)
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
  })

  test('of every command has examples and goes to stdout', async () => {
    const all = [...COMMANDS.map((command) => [command]), ['policy', 'check'], ['policy', 'schema']]
    const helped = await Promise.all(
      all.map(async (command) => ({ command, ...(await run(...command, '--help')) })),
    )
    for (const { command, status, stdout, stderr } of helped) {
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' })
      expect(stdout).toContain('Examples:\n  rectify')
    }
  })
})

describe('the help of a command', () => {
  const SHARED = [
    '--policy',
    '--state',
    '--endpoint-url',
    '--region',
    '--yes',
    '--approve',
    '--rest',
    '--hold',
    '--stack',
  ]
  test.each<[string, string[]]>([
    ['demo', []],
    ['playbooks', ['--policy']],
    ['iam', ['--policy', '--region', '--stack']],
    ['triage', ['--policy', '--region']],
    ['init', ['--policy', '--yes']],
    [
      'undo',
      ['--policy', '--state', '--endpoint-url', '--region', '--yes', '--approve', '--rest', '--stack'],
    ],
  ])('%s shows the options that it uses and no other', async (command, used) => {
    const { stdout } = await run(command, '--help')
    expect(SHARED.filter((option) => stdout.includes(`  ${option} `))).toEqual(used)
    expect(stdout).toContain('--json')
  })
})

describe('a usage error', () => {
  const cases: [string, string[], RegExp][] = [
    ['no command', [], /no command given/],
    ['an unknown command', ['paln'], /unknown command 'paln' \(Did you mean plan\?\)/],
    ['an unknown option', ['triage', '--jsno'], /unknown option '--jsno' \(Did you mean --json\?\)/],
    ['an option without its value', ['triage', '--policy'], /--policy/],
    ['neither events nor a resource', ['plan'], /name a file or folder of events/],
    ['both events and a resource', ['apply', SSH, '--playbook', 'a', '--resource', 'b'], /not both/],
    ['half a resource', ['rehearse', '--playbook', 'ec2-close-open-ingress'], /--resource is missing/],
    [
      'an unknown playbook',
      ['plan', '--playbook', 'ec2-close-open-ingres', '--resource', 'x'],
      /did you mean/,
    ],
    ['a decline without a reason', ['decline', '01K'], /--reason/],
    ['a rest that is no duration', ['undo', '01K', '--rest', 'soon'], /--rest: "soon"/],
    ['the same by its name of before', ['undo', '01K', '--hold', 'soon'], /--hold: "soon"/],
    ['an address that is none', ['unblock', '45.155.205'], /"45\.155\.205" is no address/],
    ['a range that is none', ['unblock', '45.155.205.0/33'], /"45\.155\.205\.0\/33" is no address/],
    [
      'events where no folder can be',
      ['sandbox', '--events', '/dev/null/x'],
      /--events: the folder cannot be made/,
    ],
    ['two ways to deploy', ['sandbox', '--sam', '--stack', 'x'], /give one of them/],
    ['a port that is none', ['sandbox', '--port', 'http'], /a port is 0 to 65535/],
    ['an unknown run', ['runs', '01K'], /no run is called "01K"/],
    ['conditions for one run', ['runs', '01K', '--limit', '3'], /either a run or conditions/],
    ['a deployment without a name', ['send', SSH], /--stack NAME/],
    ['a deployment for a command of this machine', ['apply', SSH, '--stack', 'prod'], /rectify send/],
    ['nothing to send', ['send', '--stack', 'prod'], /missing required argument 'event'/],
  ]

  test.each(cases)(
    'for %s has status 2, a line on stderr, and is one document with --json',
    async (_, args, message) => {
      const [text, json] = await Promise.all([run(...args), run('--json', ...args)])
      expect(text).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) })
      expect(text.stderr).not.toMatch(/^\s+at /m)
      expect(json.status).toBe(2)
      expect(Object.keys(json.document())).toEqual(['error'])
      expect(error(json)).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) })
    },
  )

  test('for a patience that is no number comes before any AWS call', async () => {
    const ran = await rectify(['plan', SSH, '--json'], { cwd, env: { RECTIFY_PATIENCE: 'long' } })
    expect(ran.status).toBe(2)
    expect(error(ran)).toMatchObject({ kind: 'usage', message: expect.stringContaining('RECTIFY_PATIENCE') })
  })
})

describe('nothing where something is asked for', () => {
  test.each([
    ['an event', ['triage', ''], /argument is empty/],
    ['the folder of the runs', ['pause', '--reason', 'x', '--state', ''], /--state is empty/],
    ['a reason', ['decline', '01K', '--reason', ' '], /--reason is empty/],
    ['the endpoint', ['runs', '--endpoint-url', ''], /--endpoint-url is empty/],
    ['a hash', ['approve', '01K', '--approve', 'nonsense'], /"nonsense" is not the hash of a plan/],
    ['a region', ['plan', SSH, '--region', 'us-east-1 '], /--region "us-east-1 " is not a region/],
    ['a report', ['rehearse', SSH, '--html', 'a', '--markdown', 'a'], /name the same file/],
    ['a place for a report', ['rehearse', SSH, '--html', 'nowhere/a.html'], /the report cannot be written/],
    ['a deployment', ['triage', SSH, '--stack', 'prod'], /takes no --stack/],
  ])('is an error and not the default: %s', async (_, args, message) => {
    const ran = await run(...args)
    expect(ran).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) })
  })
})

describe('shared options', () => {
  const all = '--policy p --state s --endpoint-url http://127.0.0.1:1 --region r --profile p --yes --hold 1h'
  const rest = `--approve sha256:${'0'.repeat(64)} --include-samples --stack x -v --json`

  test('are taken before and after the command, also where they have no use', async () => {
    const options = `${all} ${rest}`.split(' ')
    const before = await run(...options, 'playbooks')
    const after = await run('playbooks', ...options)
    expect(before.status).toBe(0)
    expect(before.document()).toEqual(after.document())
  })
})

describe('init', () => {
  test('writes a policy that is valid and rehearses everything', async () => {
    expect((await run('init')).status).toBe(0)
    const checked = await run('policy', 'check', '--json')
    expect(checked.status).toBe(0)
    expect(checked.document()).toMatchObject({ ok: true, file: join(cwd, 'rectify.yaml') })
    expect(JSON.stringify((await run('triage', SSH, '--json')).document())).toContain('"mode":"rehearse"')
  })

  test('never overwrites one without --yes', async () => {
    await writeFile(join(cwd, 'mine.yaml'), 'mine')
    const ran = await run('init', '--policy', 'mine.yaml', '--json')
    expect(ran.status).toBe(2)
    expect(error(ran)).toMatchObject({ kind: 'usage' })
    expect(await readFile(join(cwd, 'mine.yaml'), 'utf8')).toBe('mine')
    expect((await run('init', '--policy', 'mine.yaml', '--yes')).status).toBe(0)
  })
})

describe('policy', () => {
  test('check names file, line and key of every problem', async () => {
    await writeFile(
      join(cwd, 'bad.yaml'),
      'version: 1\nrules:\n  - { when: { playbok: x }, mode: auto }\nlimits: {}\n',
    )
    const ran = await run('policy', 'check', 'bad.yaml', '--json')
    expect(ran.status).toBe(2)
    expect(error(ran)).toMatchObject({ kind: 'policy', file: join(cwd, 'bad.yaml'), line: 3 })
    expect(String(error(ran).key)).toContain('rules[0]')
    const lines = (await run('policy', 'check', 'bad.yaml')).stderr.trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/bad\.yaml:3: rules\[0\]/)
    expect(lines[1]).toMatch(/bad\.yaml:4: limits/)
  })

  test('check says what is valid and has no effect: an approval that nobody can give here', async () => {
    await writeFile(
      join(cwd, 'slack.yaml'),
      'version: 1\nrules:\n  - mode: approve\n    approval: { channel: "#ops", approvers: [S0ONCALL] }\n',
    )
    const ran = await run('policy', 'check', 'slack.yaml', '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      ok: true,
      notes: [
        {
          line: 3,
          key: 'rules[0].approval.approvers',
          message: expect.stringContaining('nobody can approve'),
        },
        { line: 3, key: 'rules[0].approval.channel' },
      ],
    })
    expect((await run('policy', 'check', 'slack.yaml')).stdout).toMatch(/slack\.yaml:3: rules\[0\]/)
  })

  test('check says when there is none', async () => {
    const ran = await run('policy', 'check', '--json')
    expect(ran.status).toBe(2)
    expect(error(ran)).toMatchObject({ kind: 'policy', message: expect.stringContaining('rectify init') })
  })

  test('schema is a JSON Schema that knows the top-level keys', async () => {
    const properties = (await run('policy', 'schema')).document().properties as Record<string, unknown>
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(['version', 'rules', 'exemptions', 'never']),
    )
  })
})

describe('a policy that cannot be used ends every deciding command before any AWS call', () => {
  const deciding = ['triage', 'plan', 'rehearse', 'apply'].map((command) => [command, SSH, '--json'])

  test('when it is invalid', async () => {
    await writeFile(join(cwd, 'rectify.yaml'), 'version: 2\n')
    for (const ran of await Promise.all(deciding.map((args) => run(...args)))) {
      expect(ran.status).toBe(2)
      expect(error(ran)).toMatchObject({
        kind: 'policy',
        file: join(cwd, 'rectify.yaml'),
        line: 1,
        key: 'version',
      })
    }
  })

  test('when it is named and missing', async () => {
    const env = { RECTIFY_POLICY: 'missing.yaml' }
    for (const ran of await Promise.all(deciding.map((args) => rectify(args, { cwd, env })))) {
      expect(ran.status).toBe(2)
      expect(error(ran)).toMatchObject({ kind: 'policy', file: join(cwd, 'missing.yaml') })
    }
  })

  test('also when the command is about stored runs and --policy names it', async () => {
    const commands = ['approve 01K', 'undo 01K', 'unblock 45.155.205.10', 'sweep'].map((command) =>
      command.split(' '),
    )
    const asked = await Promise.all(
      commands.map((args) => run(...args, '--policy', 'missing.yaml', '--json')),
    )
    for (const ran of asked) {
      expect(ran.status).toBe(2)
      expect(error(ran)).toMatchObject({ kind: 'policy' })
    }
  })
})

describe('triage', () => {
  test('of a folder is one document with findings, actions and what was rejected, and touches no state', async () => {
    const ran = await run('triage', EVENTS, '--json')
    const { findings, rejected } = ran.document() as {
      findings: Record<string, unknown>[]
      rejected: unknown[]
    }
    expect(findings.length).toBeGreaterThan(10)
    expect(rejected.length).toBeGreaterThan(0)
    expect(ran.status).toBe(2)
    for (const finding of findings) {
      const actions = finding.actions as unknown[]
      expect('ignored' in finding).toBe(actions.length === 0)
    }
    expect(await readdir(cwd)).toEqual([])
  })

  test('reads standard input', async () => {
    const ran = await rectify(['triage', '-', '--json'], { cwd, stdin: await readFile(SSH, 'utf8') })
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      findings: [{ type: 'INCOMING_SSH_DISABLED', actions: [{ playbook: 'ec2-close-open-ingress' }] }],
      rejected: [],
    })
  })

  test('of something that is no event has status 2 and still a document', async () => {
    const ran = await rectify(['triage', '-', '--json'], { cwd, stdin: '{"no":"event"}' })
    expect(ran.status).toBe(2)
    expect(ran.document()).toMatchObject({ findings: [], rejected: [{ code: 'unknownShape' }] })
  })

  test('of a path that cannot be read is an input error', async () => {
    const ran = await run('triage', 'nowhere.json', '--json')
    expect(ran.status).toBe(2)
    expect(error(ran)).toMatchObject({ kind: 'input', message: expect.stringContaining('nowhere.json') })
  })

  test('for people names finding, playbook, mode and why, without colour in a pipe', async () => {
    const { status, stdout } = await run('triage', SSH)
    expect(status).toBe(0)
    expect(stdout).toMatch(/INCOMING_SSH_DISABLED/)
    expect(stdout).toMatch(/ec2-close-open-ingress +rehearse +no policy file/)
    expect(stdout).not.toContain('\u001b')
  })

  test('needs no AWS for a resource that a person names', async () => {
    const ran = await run('triage', '--playbook', 'ec2-close-open-ingress', '--resource', 'sg-1', '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      findings: [
        { source: 'manual', actions: [{ playbook: 'ec2-close-open-ingress', reason: 'no policy file' }] },
      ],
    })
  })
})

describe('playbooks', () => {
  test('are all listed with what they answer, read and write', async () => {
    const { playbooks } = (await run('playbooks', '--json')).document() as { playbooks: { id: string }[] }
    expect(playbooks.map(({ id }) => id)).toContain('ec2-close-open-ingress')
    for (const playbook of playbooks)
      expect(playbook).toMatchObject({ answers: expect.any(Array), parameters: {} })
  })

  test('can be looked at one by one', async () => {
    const { status, stdout } = await run('playbooks', 'wafv2-block-attacker-ip')
    expect(status).toBe(0)
    expect(stdout).toMatch(/expiresAfter: "PT24H"/)
  })
})

describe('iam', () => {
  test('prints the policy document whether or not --json is given', async () => {
    const plain = await run('iam', 'ec2-close-open-ingress')
    const json = await run('iam', 'ec2-close-open-ingress', '--json')
    expect(plain.document()).toEqual(json.document())
    expect(plain.document()).toMatchObject({ Version: '2012-10-17' })
    expect(plain.stdout).not.toContain('wafv2')
  })
})

describe('runs', () => {
  test('of a folder without any is empty, and makes no folder', async () => {
    const ran = await run('runs', '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toEqual({ runs: [], ignored: [], rejected: [] })
    expect(await readdir(cwd)).toEqual([])
  })
})

test('credentials that are missing are named as such, and nothing is written', async () => {
  const ran = await run(
    'plan',
    '--playbook',
    'ec2-close-open-ingress',
    '--resource',
    'sg-1',
    '--region',
    'eu-west-1',
    '--json',
  )
  expect(ran.status).toBe(2)
  expect(error(ran)).toMatchObject({ kind: 'credentials' })
  expect(await readdir(cwd)).toEqual([])
})

test('every command about a deployment names missing credentials as such', async () => {
  const about = [
    'runs',
    'approve 01K',
    'decline 01K --reason r',
    'undo 01K --yes',
    'unblock 45.155.205.10 --yes',
    'sweep',
    'pause',
    'resume',
  ]
  const commands = [...about.map((command) => command.split(' ')), ['send', SSH]]
  const shared = ['--stack', 'prod', '--region', 'eu-west-1', '--json']
  const ran = await Promise.all(commands.map((command) => run(...command, ...shared)))
  expect(ran.map((each) => [each.status, error(each).kind])).toEqual(commands.map(() => [2, 'credentials']))
  expect(await readdir(cwd)).toEqual([])
})

test('an endpoint that nobody listens on is named as such', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' }
  for (const command of [
    ['plan', SSH],
    ['runs', '--stack', 'prod'],
  ]) {
    const ran = await rectify([...command, '--endpoint-url', 'http://127.0.0.1:1', '--json'], { cwd, env })
    expect(ran.status).toBe(2)
    expect(error(ran)).toMatchObject({ kind: 'endpoint' })
  }
})

/** Reports on stderr each module of the AWS SDK that is loaded. */
const WATCH_SDK = `--import=data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({ load(url, context, next) {
    if (url.includes('@aws-sdk')) process._rawDebug('loaded ' + url)
    return next(url, context)
  } })
`)}`

test('the AWS clients are loaded by the commands that need them, and only by them', async () => {
  const env = { NODE_OPTIONS: WATCH_SDK }
  const withoutAws = [
    ['--help'],
    ['triage', SSH],
    ['playbooks'],
    ['iam'],
    ['init'],
    ['policy', 'schema'],
    ['runs'],
    ['pause'],
    ['resume'],
  ]
  const ran = await Promise.all(withoutAws.map((args) => rectify(args, { cwd, env })))
  expect(ran.filter(({ stderr }) => stderr.includes('loaded'))).toEqual([])
  expect((await rectify(['plan', SSH], { cwd, env })).stderr).toContain('loaded')
})

test('a reader that goes away ends nothing and is no error', async () => {
  const child = spawn(process.execPath, [MAIN, 'policy', 'schema'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.destroy()
  const [status] = await once(child, 'close')
  expect(status).toBe(0)
})
