#!/usr/bin/env bash
# @aws-sdk/client-ec2 3.1169.0: when the service's clock is four minutes or more ahead of ours, every error counts as
# transient: a plain refusal (403 UnauthorizedOperation), and the answer "would have succeeded" of a dry run, are sent
# up to the last attempt. With a right clock both are sent once.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-ec2@3.1169.0
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2'
async function requests(code, status, aheadMs) {
  let count = 0
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>`
  const server = createServer((request, response) => {
    count += 1
    request.resume().on('end', () => response.writeHead(status, { date: new Date(Date.now() + aheadMs).toUTCString() }).end(body))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const client = new EC2Client({
    endpoint: `http://127.0.0.1:${server.address().port}`, region: 'eu-west-1', maxAttempts: 4,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  await client.send(new DescribeSecurityGroupsCommand({})).catch(() => {})
  client.destroy()
  server.close()
  return count
}
const minutes = 60_000
console.log(`refusal ${await requests('UnauthorizedOperation', 403, 0)} -> ${await requests('UnauthorizedOperation', 403, 20 * minutes)}, ` +
  `dry run ${await requests('DryRunOperation', 412, 0)} -> ${await requests('DryRunOperation', 412, 20 * minutes)}`)
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'refusal 1 -> 4, dry run 1 -> 4' ]
