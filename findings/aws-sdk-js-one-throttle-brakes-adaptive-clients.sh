#!/usr/bin/env bash
# @aws-sdk/client-ec2 3.1169.0 with `retryMode: 'adaptive'`: one single throttled answer to a new client makes the next
# nine calls, all answered at once, take seconds together: the token bucket starts near its floor, because nothing was
# measured yet. `standard` needs milliseconds. Each new process pays that anew.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-ec2@3.1169.0
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2'
const throttled = '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors><RequestID>1</RequestID></Response>'
const empty = '<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><securityGroupInfo/></DescribeSecurityGroupsResponse>'
async function nineAfterOneThrottle(retryMode) {
  let requests = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      requests += 1
      response.writeHead(requests === 1 ? 503 : 200, { 'content-type': 'text/xml' }).end(requests === 1 ? throttled : empty)
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const client = new EC2Client({
    endpoint: `http://127.0.0.1:${server.address().port}`, region: 'eu-west-1', retryMode, maxAttempts: 4,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  await client.send(new DescribeSecurityGroupsCommand({}))
  const start = performance.now()
  for (let call = 0; call < 9; call += 1) await client.send(new DescribeSecurityGroupsCommand({}))
  client.destroy()
  server.close()
  return performance.now() - start
}
const [adaptive, standard] = [await nineAfterOneThrottle('adaptive'), await nineAfterOneThrottle('standard')]
console.error(`adaptive ${Math.round(adaptive)} ms, standard ${Math.round(standard)} ms`)
console.log(adaptive > 1500 && adaptive > 5 * standard ? 'braked' : 'not braked')
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = braked ]
