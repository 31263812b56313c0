/**
 * `npm run rescan`: whether what Rectify calls remediated is closed for the scanner that found it. A faulty account in the
 * sandbox is scanned by Prowler, its report is put right by `rectify apply`, the account is scanned again, everything is
 * taken back, and it is scanned once more. Prowler (1.4 GB) is installed once, pinned, into .sandbox.
 *
 * Ends with status 1 where fewer findings than `--at-least` (default 150) are closed, one that was told as remediated still
 * fails, something fails that did not, or the undo does not bring back what failed before.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { clientConfig } from '../../src/sandbox/client-config.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { SANDBOX_FOLDER } from '../../src/sandbox/venv.ts'
import { wireTo } from '../../test/support/wire.ts'
import { LOGS, plantFaults } from './faulty-account.ts'

const PROWLER = '5.46.0'
const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const { values: options } = parseArgs({
  options: { 'at-least': { type: 'string', default: '150' }, keep: { type: 'string' } },
})

interface Run {
  run: string
  playbook: string
  resource: string
  outcome: string | null
  reason: string
  findings: string[]
  results: { status: string }[]
}

const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'rectify-rescan-'))
mkdirSync(folder, { recursive: true })
const sandbox = await startSandbox({ log: console.error })
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  ...sandbox.env,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  RECTIFY_PATIENCE: '2',
}
try {
  process.exitCode = await rescan()
} finally {
  await sandbox.stop()
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true })
}

async function rescan(): Promise<number> {
  const prowler = await installed()
  const wire = wireTo(clientConfig(sandbox.env), sandbox.account)
  await plantFaults(wire)
  const { KeyMetadata } = await wire.send('kms', 'CreateKey', { Description: 'for buckets' })
  const key = KeyMetadata!.Arn!
  const before = await scan(prowler, 'before')
  writeFileSync(join(folder, 'rectify.yaml'), JSON.stringify(policy(key)))
  const { runs } = await rectify('apply', join(folder, 'before.ocsf.json'), '--yes')
  writeFileSync(join(folder, 'runs.json'), JSON.stringify(runs, null, 1))
  const after = await scan(prowler, 'after')
  const done = runs.filter(({ outcome }) => outcome === 'remediated')
  for (const { run } of done.toReversed()) await rectify('undo', run, '--yes')
  const undone = await scan(prowler, 'undone')

  const closed = [...before.failed].filter((id) => !after.failed.has(id))
  const still = closedFalsely(done, before, after)
  // What a scanner sees for the first time (a detector that was switched on) has not become worse.
  const newly = [...after.failed].filter((id) => before.passed.has(id))
  const notBack = [...before.failed].filter((id) => !undone.failed.has(id))
  const cameNewly = [...undone.failed].filter((id) => before.passed.has(id))
  console.log(
    `failed before: ${before.failed.size}; runs: ${count(runs.map(({ outcome }) => String(outcome)))}`,
  )
  console.log(`closed: ${closed.length}, by ${done.length} runs that are remediated`)
  say('told as remediated, and failing still', still)
  say('failing now, and not before', newly)
  say('closed still after the undo', notBack)
  say('failing after the undo, and not before', cameNewly)
  const isGood =
    closed.length >= Number(options['at-least']) && [still, newly, notBack, cameNewly].every(isEmpty)
  return isGood ? 0 : 1
}

/** Everything is done, and what a person has to say beforehand is said. */
const policy = (key: string) => ({
  version: 1,
  rules: [
    ...Object.entries({
      's3-encrypt-by-default': { kmsKey: key },
      's3-enable-access-logging': { targetBucket: LOGS },
      'elb-enable-access-logs': { bucket: LOGS },
    }).map(([playbook, parameters]) => ({ when: { playbook }, mode: 'auto', parameters })),
    { mode: 'auto' },
  ],
})

const isEmpty = (list: readonly string[]): boolean => list.length === 0
/** Findings of runs that are remediated and fail still. */
function closedFalsely(done: readonly Run[], before: Scan, after: Scan): string[] {
  const told = new Set(done.flatMap(({ findings }) => findings))
  return [...before.failed].filter((id) => told.has(id) && after.failed.has(id))
}

const say = (what: string, ids: readonly string[]): void =>
  console.log([`${what}: ${ids.length}`, ...ids.map((id) => `  ${id}`)].join('\n'))

function count(words: readonly string[]): string {
  return Object.entries(Object.groupBy(words, (word) => word))
    .map(([word, all]) => `${word} ${all?.length}`)
    .join(', ')
}

/** What a scan says: ids of what fails, and of what passes. */
interface Scan {
  failed: Set<string>
  passed: Set<string>
}

interface Check {
  status_code: string
  metadata: { event_code: string }
  cloud: { account: { uid: string } }
  resources: { uid: string; region: string }[]
}

/** As Prowler names the finding in ASFF, and Rectify in either form. */
const idsOf = ({ metadata, cloud, resources }: Check): string[] =>
  resources.map(({ uid, region }) => {
    const hash = createHash('sha512').update(uid).digest('hex').slice(0, 9)
    return `prowler-${metadata.event_code}-${cloud.account.uid}-${region}-${hash}`
  })

async function scan(prowler: string, name: string): Promise<Scan> {
  const args = ['aws', '--region', sandbox.region, '-M', 'json-ocsf', '-o', folder, '-F', name]
  // Its status says whether anything fails.
  await run(prowler, [...args, '--no-banner', '--ignore-exit-code-3'], { mayFail: true })
  const file = readdirSync(folder).find((each) => each.startsWith(name) && each.endsWith('.ocsf.json'))
  if (file === undefined) throw new Error(`Prowler wrote no report: see above`)
  const found: Check[] = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const ids = (status: string) => new Set(found.filter((each) => each.status_code === status).flatMap(idsOf))
  return { failed: ids('FAIL'), passed: ids('PASS') }
}

async function rectify(...args: string[]): Promise<{ runs: Run[] }> {
  const text = await run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, ...args, '--json'],
    {
      mayFail: true,
    },
  )
  return JSON.parse(text)
}

async function installed(): Promise<string> {
  const venv = join(SANDBOX_FOLDER, 'prowler-venv')
  const done = join(venv, 'installed')
  if (process.env.PROWLER) return process.env.PROWLER
  if (!existsSync(done) || readFileSync(done, 'utf8') !== PROWLER) {
    console.error(`Installing Prowler ${PROWLER} into .sandbox (once; some minutes) ...`)
    rmSync(venv, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', venv])
    await run(join(venv, 'bin/pip'), ['install', '--quiet', '--no-compile', `prowler==${PROWLER}`])
    writeFileSync(done, PROWLER)
  }
  return join(venv, 'bin/prowler')
}

/** What a program wrote to standard output. */
async function run(command: string, args: string[], { mayFail = false } = {}): Promise<string> {
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const [status] = await once(child, 'close')
  if (status !== 0 && !mayFail) throw new Error(`${command} ${args[0]} ended with status ${status}`)
  return out
}
