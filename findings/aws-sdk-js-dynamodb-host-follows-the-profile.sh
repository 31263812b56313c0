#!/usr/bin/env bash
# @aws-sdk/client-dynamodb 3.1164.0: with credentials that know their account (IAM Identity Center, assumed roles of a
# profile) requests go to another host, `ACCOUNT.ddb.REGION...`, than with plain keys: a proxy or an allow-list made for
# `dynamodb.REGION...` works for the function and not for the person. `accountIdEndpointMode: 'disabled'` ends it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-dynamodb@3.1164.0
cat > probe.mjs <<'JS'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
const keys = { accessKeyId: 'a', secretAccessKey: 'b' }
async function host(more) {
  let asked
  const requestHandler = { handle: async ({ hostname }) => { asked = hostname; throw new Error('not sent') } }
  const client = new DynamoDBClient({ region: 'us-east-1', maxAttempts: 1, requestHandler, ...more })
  await client.send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } })).catch(() => {})
  return asked
}
const accountId = '123456789012'
console.log([
  await host({ credentials: keys }),
  await host({ credentials: { ...keys, accountId } }),
  await host({ credentials: { ...keys, accountId }, accountIdEndpointMode: 'disabled' }),
].join(' '))
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'dynamodb.us-east-1.amazonaws.com 123456789012.ddb.us-east-1.amazonaws.com dynamodb.us-east-1.amazonaws.com' ]
