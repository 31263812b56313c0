// Holds the CloudFormation templates against AWS's own schemas: cfn-lint, which the sandbox's Python packages bring,
// pinned with them (src/sandbox/requirements.txt). It does not look into what SAM generates (event sources, nested
// objects), so what SAM makes of a template is held against them as well. Other templates than ours can be named as
// arguments. Needs Node 24 (`npm run` puts it first) and Python 3.10.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureVenv } from '../src/sandbox/venv.ts'

const OURS = ['template.yaml', 'member-role.yaml', 'docs/member-bus.yaml']
const TRANSLATE = fileURLToPath(new URL('translate-sam.py', import.meta.url))
// The environment's scripts do not survive its being moved; its interpreter does.
const LINT = 'import sys; from cfnlint.runner import main; sys.exit(main())'

const given = process.argv.slice(2)
const templates = given.length > 0 ? given : OURS
const interpreter = await ensureVenv({ log: console.error })
const folder = mkdtempSync(join(tmpdir(), 'rectify-translated-'))
try {
  process.exitCode = python(TRANSLATE, folder, ...templates)
  const translated = readdirSync(folder).map((name) => join(folder, name))
  if (process.exitCode === 0) process.exitCode = python('-c', LINT, '--template', ...templates, ...translated)
  if (process.exitCode === 0)
    console.log(
      `${templates.join(', ')}, ${translated.length} of them as SAM translates it too: nothing to complain about`,
    )
} finally {
  rmSync(folder, { recursive: true })
}

/** The exit status of the environment's Python. */
function python(...args) {
  const { status, error } = spawnSync(interpreter, args, {
    cwd: given.length > 0 ? process.cwd() : fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  })
  if (error) throw error
  return status ?? 1
}
