// The road that users take: sam validate, sam build, sam deploy, one event on the bus, one closed group. Into the
// sandbox, so it needs no AWS account. The SAM CLI (342 MB) is installed once, pinned, into .sandbox/sam-venv.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DescribeSecurityGroupRulesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { sampleEvents } from '../src/sandbox/events.ts'
import { startSandbox } from '../src/sandbox/start.ts'

const VERSION = '1.170.0'
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const VENV = join(ROOT, '.sandbox', 'sam-venv')
const BUILD = join(ROOT, '.aws-sam')
const BUCKET = 'artifacts-sam-road'
const STACK = 'rectify-by-sam'
const PATIENCE_MS = 60_000

/** Not synchronous: the sandbox that the command talks to lives in this process. */
async function run(command, args) {
  console.error(`$ ${[command.split('/').at(-1), ...args].join(' ')}`)
  const env = { ...process.env, SAM_CLI_TELEMETRY: '0' }
  const [status] = await once(spawn(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], env }), 'exit')
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with status ${status}`)
}

async function sam() {
  const done = join(VENV, 'installed')
  if (!existsSync(done) || readFileSync(done, 'utf8') !== VERSION) {
    rmSync(VENV, { recursive: true, force: true })
    mkdirSync(join(ROOT, '.sandbox'), { recursive: true })
    await run('python3', ['-m', 'venv', VENV])
    await run(join(VENV, 'bin/pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `aws-sam-cli==${VERSION}`,
    ])
    writeFileSync(done, VERSION)
  }
  return join(VENV, 'bin/sam')
}

const command = await sam()
const sandbox = await startSandbox({ stack: { name: STACK, byHand: true }, log: console.error })
try {
  const aws = { endpoint: sandbox.endpoint, region: sandbox.region }
  Object.assign(process.env, sandbox.env)
  await run(command, ['validate', '--lint', '--region', sandbox.region])
  await run(command, ['build', '--parallel'])
  // The repository's policy only rehearses; the deployed copies, and only they, are told to act.
  for (const name of ['Intake', 'Runner', 'Sweeper', 'Notifier']) {
    const bundled = join(BUILD, 'build', `${name}Function`, 'rectify.yaml')
    if (existsSync(bundled)) writeFileSync(bundled, 'version: 1\nrules:\n  - mode: auto\n')
  }
  await new S3Client({ ...aws, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }))
  await run(command, [
    'deploy',
    ...['--stack-name', STACK, '--s3-bucket', BUCKET, '--region', sandbox.region],
    ...['--capabilities', 'CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND', '--no-confirm-changeset'],
  ])
  const { event } = sampleEvents(sandbox.seeds).find(({ name }) => name === 'ssh-open')
  await sandbox.deployed.detectors.put(event)
  const group = sandbox.seeds['web-ssh-open']
  const seconds = await closed(new EC2Client(aws), group)
  console.log(
    `sam validate, build and deploy, one event, one closed group (${group}, after ${seconds} s): all as it should be`,
  )
} finally {
  await sandbox.stop()
}

/** Seconds until nothing but the office may come in by SSH. */
async function closed(ec2, group) {
  const start = Date.now()
  while (Date.now() - start < PATIENCE_MS) {
    const Filters = [{ Name: 'group-id', Values: [group] }]
    const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))
    const open = SecurityGroupRules.filter(
      ({ IsEgress, FromPort, CidrIpv4 }) => !IsEgress && FromPort === 22 && CidrIpv4 === '0.0.0.0/0',
    )
    if (open.length === 0) return ((Date.now() - start) / 1000).toFixed(1)
    // Nothing tells this road when the group is closed: it looks, as its user would.
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`group ${group} was not closed within ${PATIENCE_MS / 1000} s of its event`)
}
