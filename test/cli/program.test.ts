import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { errorOf, inEmptyFolder, MAIN, rectify } from '../support/program-without-aws.ts'

const SSH = fileURLToPath(new URL('../events/config-compliance-restricted-ssh.json', import.meta.url))
const COMMANDS = [
  ...['demo', 'init', 'triage', 'plan', 'rehearse', 'apply', 'runs', 'approve', 'decline', 'undo'],
  ...['unblock', 'sweep'],
  ...['pause', 'resume', 'send', 'playbooks', 'policy', 'iam', 'sandbox'],
]

const { folder, run } = inEmptyFolder()

describe('the help', () => {
  test('lists every command', async () => {
    const { status, stdout } = await run('--help')
    expect(status).toBe(0)
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
  })

  test('of every command has examples and goes to stdout', async () => {
    const all = [
      ...COMMANDS.map((command) => [command]),
      ['policy', 'check'],
      ['policy', 'schema'],
      ['policy', 'explain'],
    ]
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
      expect(errorOf(json)).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) })
    },
  )

  test('for a patience that is no number comes before any AWS call', async () => {
    const ran = await rectify(['plan', SSH, '--json'], { cwd: folder(), env: { RECTIFY_PATIENCE: 'long' } })
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('RECTIFY_PATIENCE'),
    })
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
  expect(errorOf(ran)).toMatchObject({ kind: 'credentials' })
  expect(await readdir(folder())).toEqual([])
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
  expect(ran.map((each) => [each.status, errorOf(each).kind])).toEqual(commands.map(() => [2, 'credentials']))
  expect(await readdir(folder())).toEqual([])
})

test('an endpoint that nobody listens on is named as such', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' }
  for (const command of [
    ['plan', SSH],
    ['runs', '--stack', 'prod'],
  ]) {
    const ran = await rectify([...command, '--endpoint-url', 'http://127.0.0.1:1', '--json'], {
      cwd: folder(),
      env,
    })
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'endpoint' })
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
    ['policy', 'explain', SSH],
    ['runs'],
    ['pause'],
    ['resume'],
  ]
  const ran = await Promise.all(withoutAws.map((args) => rectify(args, { cwd: folder(), env })))
  expect(ran.filter(({ stderr }) => stderr.includes('loaded'))).toEqual([])
  expect((await rectify(['plan', SSH], { cwd: folder(), env })).stderr).toContain('loaded')
})

test('a reader that goes away ends nothing and is no error', async () => {
  const child = spawn(process.execPath, [MAIN, 'policy', 'schema'], {
    cwd: folder(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.destroy()
  const [status] = await once(child, 'close')
  expect(status).toBe(0)
})
