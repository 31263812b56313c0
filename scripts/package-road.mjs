// The road of those who use the npm package: pack, install it in a folder elsewhere, and all that docs/own-playbooks.md
// shows: its files are written as they stand, checked by tsc, and its commands run against an EC2 of this machine.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const GUIDE = readFileSync(join(ROOT, 'docs/own-playbooks.md'), 'utf8')
const INSTANCE = 'i-0123456789abcdef0'

/** Output of a command that must end with this status. */
async function run(command, args, { cwd, env = {}, status: expected = 0 }) {
  // Nothing of npm's own settings for the checkout, whose scripts it runs us by.
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|AWS_|RECTIFY_|INIT_CWD)/.test(name))
  const child = spawn(command, args, { cwd, env: { ...Object.fromEntries(kept), NO_COLOR: '1', ...env } })
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => (out[name] += text))
  child.stdin.end()
  const [status] = await once(child, 'close')
  if (status !== expected)
    throw new Error(
      `${command} ${args.join(' ')}: status ${status} instead of ${expected}\n${out.stdout}${out.stderr}`,
    )
  return out
}

function expectText(text, ...parts) {
  for (const part of parts) if (!text.includes(part)) throw new Error(`"${part}" is not in:\n${text}`)
}

/** Installs as a user does; without a registry the dependencies are those of the checkout. */
async function install(folder, tarball) {
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=0']
  try {
    await run('npm', ['install', ...options, tarball], { cwd: folder })
    return 'installed by npm'
  } catch (error) {
    console.error(`npm install did not succeed, so the package is put in place by hand:\n${error.message}`)
  }
  const modules = join(folder, 'node_modules')
  rmSync(modules, { recursive: true, force: true })
  mkdirSync(join(modules, '.bin'), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.') && name !== 'rectify')
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  await run('tar', ['xzf', tarball, '-C', modules], { cwd: folder })
  await run('mv', ['package', 'rectify'], { cwd: modules })
  symlinkSync('../rectify/dist/package/rectify.js', join(modules, '.bin/rectify'))
  return 'put in place with the dependencies of the checkout'
}

/** An EC2 with one instance that forwards, and STS. */
async function startAws() {
  const answers = {
    GetCallerIdentity: `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>
      <Arn>arn:aws:iam::123456789012:user/road</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    DescribeInstances: `<DescribeInstancesResponse><reservationSet><item><instancesSet><item>
      <instanceId>${INSTANCE}</instanceId><sourceDestCheck>false</sourceDestCheck>
      </item></instancesSet></item></reservationSet></DescribeInstancesResponse>`,
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const answer = answers[new URLSearchParams(body).get('Action')]
    response.writeHead(answer ? 200 : 400, { 'content-type': 'text/xml' }).end(answer ?? '<Response/>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { endpoint: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() }
}

const folder = mkdtempSync(join(tmpdir(), 'rectify-package-'))
const aws = await startAws()
try {
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT })
  writeFileSync(join(folder, 'package.json'), '{ "name": "acme", "private": true, "type": "module" }\n')
  const how = await install(folder, join(folder, stdout.trim().split('\n').at(-1)))
  const credentials = { AWS_ACCESS_KEY_ID: 'road', AWS_SECRET_ACCESS_KEY: 'road', AWS_REGION: 'eu-west-1' }
  const env = { ...credentials, AWS_ENDPOINT_URL: aws.endpoint }
  const rectify = async (...args) =>
    (await run('npx', ['--no-install', 'rectify', ...args], { cwd: folder, env })).stdout
  const refused = async (...args) =>
    (await run('npx', ['--no-install', 'rectify', ...args], { cwd: folder, env, status: 2 })).stderr

  expectText(await rectify('--help'), 'Usage: rectify')
  writeFileSync(
    join(folder, 'event.json'),
    readFileSync(join(ROOT, 'test/events/config-compliance-restricted-ssh.json')),
  )
  expectText(await rectify('triage', 'event.json'), 'ec2-close-open-ingress')
  expectText(await refused('sandbox'), 'takes a checkout of Rectify')

  const files = [...GUIDE.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)]
  for (const [, name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const types = join(folder, 'node_modules/@types')
  mkdirSync(types, { recursive: true })
  if (!readdirSync(types).includes('node'))
    symlinkSync(join(ROOT, 'node_modules/@types/node'), join(types, 'node'))
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder })

  const [block = ''] = GUIDE.slice(GUIDE.indexOf('## Use them')).match(/^```sh\n[\s\S]*?^```$/m) ?? []
  const shown = []
  for (const [, line] of block.matchAll(/^rectify (.*)$/gm)) shown.push(await rectify(...line.split(' ')))
  expectText(
    shown.join('\n'),
    'rules 1',
    'Let an instance take only what is for it',
    'ec2:ModifyInstanceAttribute',
  )
  expectText(shown[2], '- check: false', '+ check: true', 'approve: rule 1')

  // As a Node.js that strips no types by itself.
  const program = join(folder, 'node_modules/rectify/dist/package/rectify.js')
  const untyped = ['--no-experimental-strip-types', program, 'playbooks', 'acme-check-sources']
  expectText((await run(process.execPath, untyped, { cwd: folder })).stdout, 'Let an instance take only')

  writeFileSync(join(folder, 'playbooks/broken.ts'), "throw new Error('broken on purpose')\n")
  expectText(await refused('playbooks'), 'playbooks/broken.ts: cannot be loaded: broken on purpose')
  console.log(
    `the package, ${how}: the program and the ${files.length} files of docs/own-playbooks.md as they should be`,
  )
} finally {
  aws.stop()
  rmSync(folder, { recursive: true, force: true })
}
