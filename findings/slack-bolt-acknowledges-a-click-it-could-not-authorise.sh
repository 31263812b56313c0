#!/usr/bin/env bash
# @slack/bolt 5.1.0, AwsLambdaReceiver: with an error handler that returns, a click that Bolt could not authorise
# (`auth.test` failed) is answered 200 with an empty body and no listener runs: the person sees a click that worked, and
# the decision is lost. The failed `auth.test` is never asked again while the process lives.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error @slack/bolt@5.1.0 2>/dev/null
cat > probe.mjs <<'JS'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import bolt from '@slack/bolt'
const { App, AwsLambdaReceiver, LogLevel } = bolt
let asked = 0
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    asked += 1
    const answer = asked === 1 ? { ok: false, error: 'internal_error' } : { ok: true, bot_id: 'B1', user_id: 'U1', team_id: 'T1' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => LogLevel.ERROR, setName() {} }
const receiver = new AwsLambdaReceiver({ signingSecret: 'secret', logger: silent })
const app = new App({ token: 'xoxb-1', receiver, logger: silent, clientOptions: { slackApiUrl: `http://127.0.0.1:${server.address().port}/api/` } })
let listened = 0
app.action('approve', async ({ ack }) => { listened += 1; await ack() })
app.error(async () => {})
const handler = await receiver.start()
const payload = JSON.stringify({ type: 'block_actions', team: { id: 'T1' }, user: { id: 'U2', team_id: 'T1' }, api_app_id: 'A1', trigger_id: 't', actions: [{ action_id: 'approve', block_id: 'b', type: 'button', value: 'x' }] })
const body = `payload=${encodeURIComponent(payload)}`
const click = async () => {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = `v0=${createHmac('sha256', 'secret').update(`v0:${timestamp}:${body}`).digest('hex')}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature }
  const { statusCode, body: said } = await handler({ body, headers, isBase64Encoded: false }, {}, () => {})
  return `${statusCode} ${JSON.stringify(said)}`
}
console.log(`clicks: ${await click()}, ${await click()}; listened ${listened}; auth.test asked ${asked} time`)
server.close()
server.closeAllConnections()
JS
seen=$(node probe.mjs 2>/dev/null)
echo "$seen"
[ "$seen" = 'clicks: 200 "", 200 ""; listened 0; auth.test asked 1 time' ]
