#!/usr/bin/env bash
# @slack/webhook 8.0.2: the retries that `retryConfig` asks for are made for a 500, and for no 429 (one attempt, its
# Retry-After unread): the opposite of @slack/web-api 8.2.0, which sleeps through every 429.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error @slack/webhook@8.0.2 2>/dev/null
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { IncomingWebhook } from '@slack/webhook'
async function attempts(status) {
  let count = 0
  const server = createServer((request, response) => {
    count += 1
    request.resume().on('end', () => response.writeHead(status, { 'retry-after': '1' }).end('no'))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const hook = new IncomingWebhook(`http://127.0.0.1:${server.address().port}/`, { retryConfig: { retries: 3, minTimeout: 5, maxTimeout: 10 } })
  await hook.send('x').catch(() => {})
  server.close()
  server.closeAllConnections()
  return count
}
console.log(`500: ${await attempts(500)} attempts, 429: ${await attempts(429)} attempt`)
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = '500: 4 attempts, 429: 1 attempt' ]
