// Holds the CloudFormation templates against AWS's own schemas: cfn-lint, which the sandbox's Python packages bring,
// pinned with them (src/sandbox/requirements.txt). Needs Node 24 (`npm run` puts it first) and Python 3.10.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureVenv } from '../src/sandbox/venv.ts'

const TEMPLATES = ['template.yaml', 'member-role.yaml', 'docs/member-bus.yaml']
// The environment's scripts do not survive its being moved; its interpreter does.
const LINT = 'import sys; from cfnlint.runner import main; sys.exit(main())'

const python = await ensureVenv({ log: console.error })
const { status, error } = spawnSync(python, ['-c', LINT, '--template', ...TEMPLATES], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
})
if (error) throw error
if (status === 0) console.log(`${TEMPLATES.join(', ')}: nothing to complain about`)
process.exit(status ?? 1)
