#!/usr/bin/env bash
# @aws-sdk/client-ec2 3.1169.0: a waiter that is not allowed to look does not say so. `waitUntilSnapshotCompleted` polls
# on, and after the whole time rejects with `TimeoutError`; the denial is only text in its message, without its code.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-ec2@3.1169.0
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { EC2Client, waitUntilSnapshotCompleted } from '@aws-sdk/client-ec2'
const body = '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors><RequestID>1</RequestID></Response>'
let polls = 0
const server = createServer((request, response) => {
  polls += 1
  request.resume().on('end', () => response.writeHead(403).end(body))
})
server.listen(0, '127.0.0.1')
await new Promise((done) => server.once('listening', done))
const client = new EC2Client({
  endpoint: `http://127.0.0.1:${server.address().port}`, region: 'eu-west-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
})
const error = await waitUntilSnapshotCompleted(
  { client, maxWaitTime: 5, minDelay: 1, maxDelay: 1 }, { SnapshotIds: ['snap-0123456789abcdef0'] },
).catch((thrown) => thrown)
client.destroy()
server.close()
console.log(`${error.name}, polled more than once: ${polls > 1}, says why: ${/not authorized/.test(error.message)}, code: ${/UnauthorizedOperation/.test(error.message)}`)
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'TimeoutError, polled more than once: true, says why: true, code: false' ]
