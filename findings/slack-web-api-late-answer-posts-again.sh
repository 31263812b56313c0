#!/usr/bin/env bash
# @slack/web-api 8.2.0: a message that Slack accepted, but answered later than the client's `timeout`, is sent again as
# often as `retries` says: the same card three times in the channel, and the caller, who gets an error, has the `ts` of
# none of them.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error @slack/web-api@8.2.0 2>/dev/null
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { WebClient } from '@slack/web-api'
let posted = 0
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    posted += 1
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true,"ts":"1.2"}'), 800)
  })
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const client = new WebClient('xoxb-1', {
  slackApiUrl: `http://127.0.0.1:${server.address().port}/api/`, logLevel: 'error', timeout: 400,
  retryConfig: { retries: 2, minTimeout: 10, maxTimeout: 20 },
})
const error = await client.chat.postMessage({ channel: 'C1', text: 'x' }).catch((thrown) => thrown)
server.close()
server.closeAllConnections()
console.log(`posted ${posted} times, told: ${error.code}`)
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'posted 3 times, told: slack_webapi_request_error' ]
