/**
 * `npm run rescan`: whether what Rectify calls remediated is closed for the scanner that found it. A faulty account in the
 * sandbox is scanned by Prowler, its report is put right by `rectify apply`, the account is scanned again, everything is
 * taken back, and it is scanned once more. Prowler (1.4 GB) is installed once, pinned, into .sandbox.
 *
 * Ends with status 1 where fewer findings than `--at-least` (default 150) are closed, one that was told as remediated still
 * fails, something fails that passed, or the undo does not bring back what failed before. `--keep FOLDER` keeps the reports.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { clientConfig } from '../../src/sandbox/client-config.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { tables } from '../../test/playbooks/setting-tables.ts'
import { wireTo } from '../../test/support/wire.ts'
import { compare, type Scans, shortfalls, type Work } from './comparison.ts'
import { LOGS, plantFaults } from './faulty-account.ts'
import { installedProwler, outputOf, type Place, scan } from './prowler.ts'
import { tellComparison } from './tell-comparison.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

await main()

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { 'at-least': { type: 'string', default: '150' }, keep: { type: 'string' } },
  })
  const cwd = options.keep ?? mkdtempSync(join(tmpdir(), 'rectify-rescan-'))
  mkdirSync(cwd, { recursive: true })
  const sandbox = await startSandbox({ log: console.error })
  try {
    const env = {
      PATH: process.env.PATH,
      HOME: cwd,
      ...sandbox.env,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      RECTIFY_PATIENCE: '2',
    }
    process.exitCode = await rescan({ cwd, env }, sandbox, Number(options['at-least']))
  } finally {
    await sandbox.stop()
    if (options.keep === undefined) rmSync(cwd, { recursive: true, force: true })
  }
}

async function rescan(
  place: Place,
  { env, account, region }: Pick<Awaited<ReturnType<typeof startSandbox>>, 'env' | 'account' | 'region'>,
  atLeast: number,
): Promise<number> {
  const prowler = await installedProwler(place)
  const wire = wireTo(clientConfig(env), account)
  await plantFaults(wire)
  const { KeyMetadata } = await wire.send('kms', 'CreateKey', { Description: 'for buckets' })
  writeFileSync(join(place.cwd, 'rectify.yaml'), JSON.stringify(policy(KeyMetadata!.Arn!)))

  const before = await scan(place, prowler, region, 'before')
  const { runs, ignored } = await rectify(place, 'apply', join(place.cwd, 'before.ocsf.json'), '--yes')
  const keep = (work: Work) => writeFileSync(join(place.cwd, 'work.json'), JSON.stringify(work, null, 1))
  keep({ runs, ignored, undos: [] })
  const after = await scan(place, prowler, region, 'after')
  const changed = runs.filter(({ outcome }) => outcome === 'remediated').map(({ run }) => run)
  const undos = changed.length > 0 ? (await rectify(place, 'undo', ...changed, '--yes')).runs : []
  const undone = await scan(place, prowler, region, 'undone')

  const work: Work = { runs, ignored, undos }
  keep(work)
  return told({ before, after, undone }, work, atLeast)
}

/** Prints what became of the findings. Returns the status of the process. */
function told(scans: Scans, work: Work, atLeast: number): number {
  const notKept = new Map(
    tables.flatMap(({ playbook, wire }) => ('notKept' in wire ? [[playbook.id, wire.notKept] as const] : [])),
  )
  const comparison = compare(scans, work, notKept)
  const short = shortfalls(comparison, work, atLeast)
  console.log(tellComparison(scans, work, comparison))
  console.log(short.length === 0 ? 'as it should be' : `NOT as it should be: ${short.join('; ')}`)
  return short.length === 0 ? 0 : 1
}

/** Everything is done, and what a person has to say beforehand is said. */
function policy(key: string): object {
  const parameters = {
    's3-encrypt-by-default': { kmsKey: key },
    's3-enable-access-logging': { targetBucket: LOGS },
    'elb-enable-access-logs': { bucket: LOGS },
    'ec2-enable-flow-logs': { bucket: LOGS },
  }
  const own = Object.entries(parameters).map(([playbook, given]) => ({
    ...{ when: { playbook }, mode: 'auto', parameters: given },
  }))
  // S3 delivers no access logs to a bucket that encrypts by a key of KMS.
  const logs = { when: { playbook: 's3-encrypt-by-default', resource: LOGS }, mode: 'off' }
  return { version: 1, rules: [logs, ...own, { mode: 'auto' }] }
}

async function rectify(place: Place, ...args: string[]): Promise<Omit<Work, 'undos'>> {
  const call = ['--disable-warning=ExperimentalWarning', MAIN, ...args, '--json']
  return JSON.parse(await outputOf(place, process.execPath, call, { mayFail: true }))
}
