#!/usr/bin/env bash
# @middy/core 7.9.2 under AWS's own runtime client (aws-lambda-ric 4.0.2): a handler that runs out of time is answered
# as failed 5 ms before the deadline, but not stopped: its work goes on while the next event is handled, in a process
# that the deadline was believed to have ended. `timeoutEarlyInMillis: 0` turns the early answer off.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error node@24.21.0 @middy/core@7.9.2 aws-lambda-ric@4.0.2 2>/dev/null
cat > handler.mjs <<'JS'
import middy from '@middy/core'
export const handler = middy().handler(async ({ n }) => {
  if (n === 1) {
    await new Promise((done) => setTimeout(done, 900))
    console.log('PROBE event 1 still at work')
    return 'one'
  }
  console.log('PROBE event 2 begins')
  await new Promise((done) => setTimeout(done, 1500))
  console.log('PROBE event 2 ends')
  return 'two'
})
JS
cat > probe.mjs <<'JS'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
const events = [{ n: 1, ms: 400 }, { n: 2, ms: 10_000 }]
const told = []
let child
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk)).on('end', () => {
    if (request.url.endsWith('/next')) {
      const event = events.shift()
      if (!event) return child.kill()
      return response.writeHead(200, {
        'lambda-runtime-aws-request-id': String(event.n), 'lambda-runtime-deadline-ms': String(Date.now() + event.ms),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:f', 'content-type': 'application/json',
      }).end(JSON.stringify({ n: event.n }))
    }
    told.push(request.url.endsWith('/error') ? `event failed: ${JSON.parse(body).errorType}` : `event answered: ${body}`)
    response.writeHead(202).end()
  })
})
server.listen(0, '127.0.0.1', () => {
  child = spawn('node_modules/.bin/node', ['node_modules/aws-lambda-ric/index.mjs'], {
    env: { ...process.env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`, LAMBDA_TASK_ROOT: process.cwd(), _HANDLER: 'handler.handler', AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128', AWS_LAMBDA_FUNCTION_VERSION: '1', AWS_LAMBDA_LOG_GROUP_NAME: 'g', AWS_LAMBDA_LOG_STREAM_NAME: 's' },
  })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => {
    for (const line of String(chunk).match(/PROBE [^"\n]*/g) ?? []) told.push(line.slice(6).trim())
  })
  child.on('close', () => { server.close(); console.log(told.join('\n')) })
})
JS
seen=$(node_modules/.bin/node probe.mjs)
echo "$seen"
[ "$seen" = 'event failed: TimeoutError
event 2 begins
event 1 still at work
event 2 ends
event answered: "two"' ]
