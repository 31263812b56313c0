import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SANDBOX_FOLDER } from '../../src/sandbox/venv.ts'
import type { Checked, Scan } from './comparison.ts'

const VERSION = '5.46.0'

/** Where a program runs, and what it knows of AWS. */
export interface Place {
  cwd: string
  env: Record<string, string | undefined>
}

/** The scanner: PROWLER where it is set, else what is installed, pinned, into .sandbox (once; 1.4 GB). */
export async function installedProwler(place: Place): Promise<string> {
  if (process.env.PROWLER) return process.env.PROWLER
  const venv = join(SANDBOX_FOLDER, 'prowler-venv')
  const done = join(venv, 'installed')
  if (!existsSync(done) || readFileSync(done, 'utf8') !== VERSION) {
    console.error(`Installing Prowler ${VERSION} into .sandbox (once; some minutes) ...`)
    rmSync(venv, { recursive: true, force: true })
    await outputOf(place, 'python3', ['-m', 'venv', venv])
    await outputOf(place, join(venv, 'bin/pip'), [
      ...['install', '--quiet', '--no-compile', `prowler==${VERSION}`],
    ])
    writeFileSync(done, VERSION)
  }
  return join(venv, 'bin/prowler')
}

/** Runs all checks of Prowler for one region; the report is `NAME.ocsf.json` in the folder. */
export async function scan(place: Place, prowler: string, region: string, name: string): Promise<Scan> {
  const args = ['aws', '--region', region, '-M', 'json-ocsf', '-o', place.cwd, '-F', name]
  // Its status says whether anything fails.
  await outputOf(place, prowler, [...args, '--no-banner', '--ignore-exit-code-3'], { mayFail: true })
  const file = readdirSync(place.cwd).find((each) => each.startsWith(name) && each.endsWith('.ocsf.json'))
  if (file === undefined) throw new Error('Prowler wrote no report: see above')
  return scanIn(readFileSync(join(place.cwd, file), 'utf8'))
}

interface Check {
  status_code: string
  metadata: { event_code: string }
  cloud: { account: { uid: string } }
  resources: { uid: string; region: string }[]
}

/** What a report in JSON-OCSF says. */
export function scanIn(report: string): Scan {
  const found: Check[] = JSON.parse(report)
  const ids = (status: string) =>
    new Map(found.filter((each) => each.status_code === status).flatMap(namesOf))
  return { failed: ids('FAIL'), passed: ids('PASS') }
}

/** As Prowler names the finding in ASFF, and Rectify in either form. */
function namesOf({ metadata, cloud, resources }: Check): [id: string, checked: Checked][] {
  return resources.map(({ uid, region }) => {
    const hash = createHash('sha512').update(uid).digest('hex').slice(0, 9)
    const id = `prowler-${metadata.event_code}-${cloud.account.uid}-${region}-${hash}`
    return [id, { check: metadata.event_code, resource: uid }]
  })
}

/** What a program wrote to standard output. Throws where it ends with another status than 0, unless it may. */
export async function outputOf(
  { cwd, env }: Place,
  command: string,
  args: string[],
  { mayFail = false } = {},
): Promise<string> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const [status] = await once(child, 'close')
  if (status !== 0 && !mayFail) throw new Error(`${command} ${args[0]} ended with status ${status}`)
  return out
}
