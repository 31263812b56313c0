#!/usr/bin/env bash
# @slack/web-api 8.2.0: a 429 of one method for one channel pauses the client's single queue for all methods and
# channels: `views.open` for a trigger that lives three seconds waits until the busy channel's Retry-After is over.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error @slack/web-api@8.2.0 2>/dev/null
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { WebClient } from '@slack/web-api'
const came = []
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    came.push([request.url.split('/').at(-1), performance.now()])
    const throttled = came.length === 1
    response.writeHead(throttled ? 429 : 200, throttled ? { 'retry-after': '3' } : { 'content-type': 'application/json' }).end('{"ok":true}')
  })
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const client = new WebClient('xoxb-1', { slackApiUrl: `http://127.0.0.1:${server.address().port}/api/`, logLevel: 'error' })
const posted = client.chat.postMessage({ channel: 'C1', text: 'x' })
await new Promise((done) => setTimeout(done, 250))
const asked = performance.now()
await Promise.all([posted, client.views.open({ trigger_id: 't', view: { type: 'modal', title: { type: 'plain_text', text: 't' }, blocks: [] } })])
server.close()
server.closeAllConnections()
const waited = came.find(([method]) => method === 'views.open')[1] - asked
console.error(`views.open went out after ${Math.round(waited)} ms`)
console.log(waited > 2000 ? 'held back' : 'not held back')
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'held back' ]
