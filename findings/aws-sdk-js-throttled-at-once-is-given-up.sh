#!/usr/bin/env bash
# @aws-sdk/client-sts 3.1164.0: `maxAttempts` is no promise. A client has 500 tokens for repetitions, and each takes 5 that
# come back only when that call succeeds: of 150 calls that are throttled once at the same moment 100 are sent again and 50
# fail after one attempt. A process with more than a hundred calls under way loses those beyond, however many attempts it
# asked for; several clients of one service have a quota each.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-sts@3.1164.0
cat > probe.mjs <<'JS'
import { Readable } from 'node:stream'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
const throttled = '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>slow</Message></Error></ErrorResponse>'
const good = '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
async function throttledOnce(calls) {
  let sent = 0
  const requestHandler = {
    async handle() {
      const isFirst = ++sent <= calls
      const body = Readable.from([Buffer.from(isFirst ? throttled : good)])
      return { response: { statusCode: isFirst ? 400 : 200, headers: {}, body } }
    },
  }
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  const client = new STSClient({ region: 'us-east-1', credentials, retryMode: 'standard', maxAttempts: 10, requestHandler })
  const ends = await Promise.allSettled(Array.from({ length: calls }, () => client.send(new GetCallerIdentityCommand())))
  const lost = ends.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.$metadata.attempts)
  return `${lost.length} of ${calls} given up after ${[...new Set(lost)].join()}`
}
console.log([await throttledOnce(150), await throttledOnce(100)].join('; '))
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = '50 of 150 given up after 1; 0 of 100 given up after ' ]
