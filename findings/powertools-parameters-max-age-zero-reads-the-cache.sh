#!/usr/bin/env bash
# @aws-lambda-powertools/parameters 2.35.0: `maxAge: 0` does not read anew. It says how long the next value is kept; one
# that an earlier call cached for its default 5 s is given back all the same. Only `forceFetch: true` asks the service.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error @aws-lambda-powertools/parameters@2.35.0 @aws-sdk/client-ssm@3.1169.0 2>/dev/null
cat > probe.mjs <<'JS'
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm'
import { SSMClient } from '@aws-sdk/client-ssm'
let value = 'running'
let asked = 0
const requestHandler = { handle: async () => { asked += 1; return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify({ Parameter: { Name: '/switch', Value: value } })) } } } }
const provider = new SSMProvider({ awsSdkV3Client: new SSMClient({ region: 'eu-west-1', requestHandler, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }) })
const first = await provider.get('/switch')
value = 'paused'
const second = await provider.get('/switch', { maxAge: 0 })
const third = await provider.get('/switch', { forceFetch: true })
console.log(`${first}, maxAge 0: ${second}, forceFetch: ${third}, asked ${asked} times`)
JS
seen=$(node probe.mjs 2>/dev/null)
echo "$seen"
[ "$seen" = 'running, maxAge 0: running, forceFetch: paused, asked 2 times' ]
