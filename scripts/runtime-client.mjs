// Every function's bundle in AWS's own Node runtime client (aws-lambda-ric), against a Runtime API and an AWS on this
// machine: one event that is answered, one of which a part fails, and for the runner one that runs out of time. Nothing
// may warn. The client is no dependency: npm builds it (curl, a C++ library and an addon), on Linux, with cmake and a
// C++ compiler. It is installed once, pinned, into .sandbox, which takes a minute or two.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startAws } from '../bench/aws-process.ts'
import { environment, jobText } from '../bench/cold-start.ts'
import { sshEvent } from '../bench/events.ts'
import { groupId } from '../bench/security-groups.ts'
import { signed } from '../src/sandbox/slack/interactions/signed-request.ts'
import { bundleFunctions } from '../src/sandbox/stack/bundle.ts'
import { runAttributes } from '../src/store/dynamodb/items.ts'
import { sampleRun } from '../test/support/sample-run.ts'

const VERSION = '4.0.2'
const FOLDER = fileURLToPath(new URL('../.sandbox/runtime-client', import.meta.url))
const CLIENT = join(FOLDER, 'node_modules/aws-lambda-ric/index.mjs')
/** Longer than any function takes for what it is asked here (ms). */
const PATIENCE_MS = 60_000
/** In a request: AWS refuses it, or never answers it. */
const REFUSED = groupId(1)
const SILENCE = groupId(2)
/** What Slack signs with. */
const SECRET = 'secret'

function install() {
  const manifest = join(FOLDER, 'node_modules/aws-lambda-ric/package.json')
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === VERSION) return
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const allowScripts = { [`aws-lambda-ric@${VERSION}`]: true }
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ private: true, allowScripts }))
  const how = ['--no-audit', '--no-fund', '--save-exact', `aws-lambda-ric@${VERSION}`]
  const { status, stdout, stderr } = spawnSync('npm', ['install', ...how], { cwd: FOLDER, encoding: 'utf8' })
  if (status === 0) return
  rmSync(FOLDER, { recursive: true, force: true })
  throw new Error(`aws-lambda-ric was not built; it needs cmake, make and a C++ compiler\n${stdout}${stderr}`)
}

async function textOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function listening(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${server.address().port}`
}

/** AWS: what the benchmarks have, and of the engine's own services what takes a message. */
function frontOf(aws) {
  const silent = []
  const server = createServer(async (request, response) => {
    const text = await textOf(request)
    const operation =
      request.headers['x-amz-target']?.split('.')[1] ?? new URLSearchParams(text).get('Action')
    const say = (body, status = 200) => response.writeHead(status).end(body)
    if (text.includes(SILENCE)) {
      const asked = { open: true }
      silent.push(asked)
      request.socket.once('close', () => Object.assign(asked, { open: false }))
      return
    }
    if (text.includes(REFUSED)) return say('{"__type":"AccessDeniedException","message":"no"}', 400)
    switch (operation) {
      case 'SendMessage': {
        const md5 = createHash('md5').update(JSON.parse(text).MessageBody).digest('hex')
        return say(JSON.stringify({ MessageId: 'm', MD5OfMessageBody: md5 }))
      }
      case 'PutItem':
      case 'ChangeMessageVisibility':
        return say('{}')
      case 'GetParameter':
        return say(JSON.stringify({ Parameter: { Name: 'secret', Value: SECRET } }))
      case 'Publish':
        return say(
          '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
        )
    }
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    const answer = await fetch(aws.endpoint + request.url, { method: request.method, headers, body: text })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(await answer.text())
  })
  return { server, silent }
}

/** The Runtime API for one function: hands out these events and keeps what came back, in order. */
function runtimeApi(events) {
  const answers = []
  let tellAll
  const all = new Promise((resolve) => {
    tellAll = resolve
  })
  let next = 0
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    if (request.method === 'GET') {
      const event = events[next++]
      if (!event) return tellAll()
      response.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': `request-${next}`,
        'lambda-runtime-deadline-ms': String(Date.now() + (event.timeMs ?? 120_000)),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:f',
      })
      return response.end(JSON.stringify(event.event))
    }
    answers.push({ path: request.url.split('/').at(-1), body })
    response.writeHead(202).end()
    if (request.url.includes('/init/')) tellAll()
  })
  return { server, answers, all }
}

const sqs = (...bodies) => ({
  Records: bodies.map((body, n) => ({
    messageId: `message-${n + 1}`,
    body,
    eventSource: 'aws:sqs',
    messageAttributes: {},
    receiptHandle: `receipt-${n + 1}`,
    attributes: { MessageGroupId: `group-${n + 1}`, ApproximateReceiveCount: '1' },
  })),
})
const wake = (run) => JSON.stringify({ kind: 'wake', run, why: 'sweep' })
const stream = (...reasons) => ({
  Records: reasons.map((reason, n) => {
    const run = sampleRun({ id: `01K0000000000000000000000${n + 1}`, outcome: 'failed', reason })
    const NewImage = { PK: { S: `RUN#${run.id}` }, SK: { S: 'RUN' }, ...runAttributes(run) }
    return {
      eventID: String(n),
      eventName: 'MODIFY',
      dynamodb: { NewImage, SequenceNumber: `number-${n + 1}` },
    }
  }),
})
const failing = (...ids) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) })

/** A slash command as the function URL hands it on, signed as Slack does. */
function command(text, secret) {
  const form = {
    command: '/rectify',
    text,
    team_id: 'T0ACME',
    user_id: 'U0ANN',
    channel_id: 'C0SECOPS',
  }
  const { method, headers, body } = signed(form, secret, Date.now())
  return {
    version: '2.0',
    rawPath: '/',
    requestContext: { http: { method } },
    headers,
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  }
}

const end = (run) => JSON.stringify({ run })
const card = (run) => JSON.stringify({ run, round: 1, post: true })

/** Per function: its events, and what it must answer; a function answers by a test where it is long. */
const FUNCTIONS = {
  intake: [
    { event: sqs(sshEvent(groupId(0))), answer: failing() },
    { event: sqs(sshEvent(groupId(0)), sshEvent(REFUSED)), answer: failing('message-2') },
    { event: sqs(sshEvent(SILENCE)), answer: failing('message-1'), timeMs: 2_000 },
    { event: sqs(sshEvent(groupId(0))), answer: failing() },
  ],
  runner: [
    { event: sqs(jobText()), answer: failing() },
    { event: sqs(wake('01K'), wake(REFUSED)), answer: failing('message-2') },
    // Put off, which is no failure: there is no time for it.
    { event: sqs(wake('01K')), answer: failing('message-1'), timeMs: 2_000, failures: 0 },
    { event: sqs(wake('01K')), answer: failing() },
  ],
  sweeper: [{ event: { source: 'aws.scheduler' }, answer: null }],
  notifier: [
    { event: stream('the rule was not there'), answer: failing() },
    { event: stream('the rule was not there', REFUSED), answer: failing('number-2') },
  ],
  writeback: [
    { event: sqs(end('01K')), answer: failing() },
    { event: sqs(end('01K'), end(REFUSED)), answer: failing('message-2') },
  ],
  cards: [
    { event: sqs(card('01K')), answer: failing() },
    { event: sqs(card('01K'), card(REFUSED)), answer: failing('message-2') },
  ],
  slack: [
    { event: command('help', 'not the secret'), answer: { statusCode: 401, body: '' } },
    {
      event: command('help', SECRET),
      is: ({ statusCode, body }) => statusCode === 200 && body.includes('approve RUN HASH'),
    },
  ],
}

/** Runs a bundle under the runtime client until it has answered its events; throws with all that is wrong. */
async function check(name, events, folder, front) {
  const api = runtimeApi(events)
  const [host, endpoint] = [await listening(api.server), `http://${front.host}`]
  const child = spawn(process.execPath, [CLIENT], {
    env: {
      ...environment(name, folder, endpoint),
      RECTIFY_CARDS_QUEUE_URL: name === 'notifier' ? '' : `${endpoint}/123456789012/cards.fifo`,
      RECTIFY_TELL_ROLE_ARN: 'arn:aws:iam::123456789012:role/RectifyTell',
      RECTIFY_MEMBER_TELL_ROLE: 'RectifyTell',
      RECTIFY_WRITEBACK_QUEUE_URL: name === 'writeback' ? `${endpoint}/123456789012/writeback` : '',
      RECTIFY_SLACK_TOKEN_PARAMETER: '/rectify/slack-token',
      RECTIFY_SLACK_SIGNING_SECRET_PARAMETER: '/rectify/slack-signing-secret',
      // What Lambda sets and the client asks for.
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: 'rectify',
      AWS_LAMBDA_LOG_STREAM_NAME: 'rectify',
      AWS_LAMBDA_RUNTIME_API: host,
      _HANDLER: 'function.handler',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'])
    child[stream].setEncoding('utf8').on('data', (text) => {
      log[stream] += text
    })
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await Promise.race([api.all, ended])
  clearTimeout(timer)
  child.kill()
  await ended
  api.server.closeAllConnections()
  api.server.close()

  const wrong = []
  events.forEach(({ answer, is }, n) => {
    const given = api.answers[n]
    const isRight = is ? (body) => is(JSON.parse(body)) : (body) => body === JSON.stringify(answer)
    if (given?.path !== 'response' || !isRight(given.body))
      wrong.push(`event ${n + 1}: ${given ? `${given.path} ${given.body}` : 'no answer'}`)
  })
  // Errors go to the other stream: what is sent back is told there, each once.
  const isTold = (line) => /"message":"(message|notice|card) failed"/.test(line)
  const [told, others] = [true, false].map((is) =>
    log.stderr.split('\n').filter((line) => line !== '' && isTold(line) === is),
  )
  const failures = events.map(({ answer, failures = answer?.batchItemFailures?.length ?? 0 }) => failures)
  const wanted = failures.reduce((sum, each) => sum + each, 0)
  if (told.length !== wanted) wrong.push(`${told.length} of ${wanted} failures were told`)
  wrong.push(...log.stdout.split('\n').filter((line) => /warn/i.test(line)), ...others)
  if (wrong.length > 0) throw new Error(`${name}, in the runtime client:\n${wrong.join('\n')}`)
}

if (process.platform !== 'linux') {
  console.error(`NOT CHECKED: aws-lambda-ric builds on Linux only, this is ${process.platform}`)
  process.exit(0)
}
install()
const out = mkdtempSync(join(tmpdir(), 'rectify-runtime-'))
const aws = await startAws()
const { server, silent } = frontOf(aws)
try {
  const host = await listening(server)
  const bundles = await bundleFunctions(out)
  for (const { id, folder } of bundles) {
    const name = id.replace(/Function$/, '').toLowerCase()
    const events = FUNCTIONS[name]
    if (!events) throw new Error(`no events for ${id}: say in scripts/runtime-client.mjs what it answers`)
    writeFileSync(join(folder, 'rectify.yaml'), 'version: 1\nrules:\n  - mode: auto\n')
    await aws.reset({ groups: 1, delayMs: 0 })
    await check(name, events, folder, { host })
  }
  if (silent.length !== 1 || silent[0].open)
    throw new Error(`the request that nobody answered was sent ${silent.length} times, or not given up`)
  console.log(`${bundles.map(({ id }) => id).join(', ')}: as they should be in aws-lambda-ric ${VERSION}`)
} finally {
  server.closeAllConnections()
  server.close()
  aws.stop()
  rmSync(out, { recursive: true, force: true })
}
