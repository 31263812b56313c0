// The road that users take: every command of docs/operations.md, in its order, and those of docs/slack.md, in a running
// sandbox, so that neither AWS account nor Slack is needed: validate, build, deploy, a finding, its plan, an approved fix,
// its undo, pause, dead letters, a fix that is approved in Slack, and the removal of it all. The SAM CLI (342 MB) and the AWS CLI are installed once, pinned, into .sandbox.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const RECTIFY = [process.execPath, '--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli/main.ts')]
const GUIDE = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8')
const PREVIOUS = join(ROOT, '.aws-sam', 'build')

async function run(command, args, env = process.env) {
  const [status] = await once(spawn(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], env }), 'exit')
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with status ${status}`)
}

/** The folder of the programs of a package from PyPI, installed on first use. */
async function installed(name, version) {
  const venv = join(ROOT, '.sandbox', `${name}-venv`)
  const done = join(venv, 'installed')
  if (!existsSync(done) || readFileSync(done, 'utf8') !== version) {
    rmSync(venv, { recursive: true, force: true })
    mkdirSync(join(ROOT, '.sandbox'), { recursive: true })
    await run('python3', ['-m', 'venv', venv])
    const options = ['--quiet', '--disable-pip-version-check', '--no-compile']
    await run(join(venv, 'bin/pip'), ['install', ...options, `${name}==${version}`])
    writeFileSync(done, version)
  }
  return join(venv, 'bin')
}

/** The guide's shell blocks, with what a reader fills in: their finding, and the run that the list shows first. */
function blocks() {
  return [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) =>
    text
      .replaceAll(/\bfinding\.json\b/g, '"$FOUND/$FINDING.json"')
      .replaceAll(/ RUN\b/g, ' "$(newest_run)"')
      // Nobody is at a terminal to be asked.
      .replaceAll(/^(rectify undo .*?)(\s+#.*)?$/gm, '$1 --yes'),
  )
}

const PRELUDE = `set -euo pipefail
rectify() { ${RECTIFY.map((word) => `'${word}'`).join(' ')} "$@"; }
# Version 1 of the AWS CLI sends calls about queues elsewhere unless it is told so. The emulator knows no redriving:
# that it would be asked for with two queues is what can be seen here.
aws() {
  if [ "$2" = start-message-move-task ]; then [[ $4 == arn:aws:sqs:* && $6 == arn:aws:sqs:* ]]
  else command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; fi
}
newest_run() { rectify runs --stack rectify --json | node -p 'JSON.parse(require("fs").readFileSync(0)).runs[0].run'; }
# A press on the newest card's button, by the way that the page of the stand-in takes.
click_approve() {
  until curl -fsS "$SLACK_PAGE/state" | node -e '
    const { channels } = JSON.parse(require("fs").readFileSync(0))
    const [found] = channels.flatMap(({ id, messages }) => messages.map((message) => ({ channel: id, ...message }))).flatMap(({ channel, ts, blocks }) =>
      blocks.flatMap(({ elements = [] }) => elements).filter(({ action_id }) => action_id === "approve").map(({ value }) => ({ user: "U0ANN", channel, ts, action_id: "approve", value })))
    if (!found) process.exit(1)
    process.stdout.write(JSON.stringify(found))' > "$FOUND/click.body"; do sleep 0.2; done
  curl -fsS -H 'content-type: application/json' --data "@$FOUND/click.body" "$SLACK_PAGE/click"
}
until_there() { until rectify runs --stack rectify | grep -q "$1"; do sleep 0.2; done; }
FINDING=ssh-open
set -v
`

/** The policy that the repository ships only rehearses; what was built, and only that, is now told to ask. */
const ASKING = `
for built in .aws-sam/build/*Function/rectify.yaml; do printf 'version: 1\\nrules:\\n  - mode: approve\\n' > "$built"; done
sam deploy --stack-name rectify --resolve-s3 --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --no-confirm-changeset
FINDING=common-ports-open
rectify send "$FOUND/$FINDING.json" --stack rectify
until_there 'waiting for approval'
`

/** The commands of docs/slack.md, under a policy that asks in the sandbox's channel: from two secrets to a click. */
function inSlack() {
  const guide = readFileSync(join(ROOT, 'docs/slack.md'), 'utf8')
  const setUp = guide.slice(guide.indexOf('## Set it up'))
  const commands = [...setUp.matchAll(/^ {3}```sh\n([\s\S]*?)^ {3}```$/gm)].map(([, text]) =>
    text.replaceAll(/^ {3}/gm, ''),
  )
  const [secrets, deploy] = commands
  if (commands.length !== 2 || !secrets.includes('put-parameter') || !deploy.includes('sam deploy'))
    throw new Error('docs/slack.md is not what this road knows: two blocks, secrets and deployment')
  return `
${secrets.replace(/--value xoxb-…/, '--value "$SLACK_TOKEN"').replace(/--value …/, '--value "$SLACK_SECRET"')}
${deploy
  // What was built is told to ask in Slack; the policy that the repository ships only rehearses.
  .replace(
    /^sam build$/m,
    `for built in .aws-sam/build/*Function/rectify.yaml; do printf '%s' "$SLACK_POLICY" > "$built"; done`,
  )
  .replace(/(SlackSigningSecretParameter=\S+)/, '$1 "SlackApiUrl=$SLACK_API"')}
FINDING=patches-missing
rectify send "$FOUND/$FINDING.json" --stack rectify
until_there 'waiting for approval'
click_approve
until_there remediated
`
}

const SLACK_POLICY = `version: 1
slack: { workspace: T0ACME }
rules:
  - mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL] }
`

/** What has to happen before and between the blocks, by what they begin with. */
function between(block) {
  if (block.startsWith('rectify sandbox')) return undefined
  if (block.startsWith('rectify approve')) return ASKING + block
  if (block.includes('sam delete ')) return inSlack() + block
  return block.replace(/^(rectify send .*)$/m, '$1\nuntil_there rehearsed')
}

const path = [
  await installed('aws-sam-cli', '1.170.0'),
  await installed('awscli', '1.46.3'),
  process.env.PATH,
]
const folder = mkdtempSync(join(tmpdir(), 'rectify-road-'))
rmSync(PREVIOUS, { recursive: true, force: true })
const [first, ...args] = [...RECTIFY, 'sandbox', '--sam', '--events', folder, '--json']
const sandbox = spawn(first, args, { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  const [line] = await once(createInterface({ input: sandbox.stdout }), 'line')
  const script = join(folder, 'guide.sh')
  writeFileSync(script, PRELUDE + blocks().map(between).filter(Boolean).join('\n'))
  const { env: aws, slack } = JSON.parse(line)
  const ofSlack = {
    SLACK_TOKEN: slack.token,
    SLACK_SECRET: slack.signingSecret,
    SLACK_API: slack.api,
    SLACK_PAGE: slack.page,
  }
  const env = { ...process.env, ...aws, ...ofSlack, SLACK_POLICY, SAM_CLI_TELEMETRY: '0', FOUND: folder }
  await run('bash', [script], { ...env, PATH: path.join(':') })
  const kinds = readdirSync(folder).filter((name) => name.endsWith('.json')).length
  console.log(
    `every command of docs/operations.md and docs/slack.md, with ${kinds} events at hand: all as it should be`,
  )
} finally {
  sandbox.kill('SIGTERM')
  await once(sandbox, 'exit')
  rmSync(folder, { recursive: true, force: true })
}
