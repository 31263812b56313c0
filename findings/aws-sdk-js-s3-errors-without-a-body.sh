#!/usr/bin/env bash
# @aws-sdk/client-s3 3.1169.0: errors of answers without a body (all of HEAD, some of proxies) have no name to go by:
# a denied HeadBucket (403), a bucket elsewhere (301) and a bad request (400) are all `Unknown`, the 301 without the
# region that its header names; GetBucketPolicy denied without a body, too. Only the status tells them apart.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-s3@3.1169.0
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { GetBucketPolicyCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
let status
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(status, status === 301 ? { 'x-amz-bucket-region': 'eu-west-1' } : {}).end())
})
server.listen(0, '127.0.0.1')
await new Promise((done) => server.once('listening', done))
const client = new S3Client({
  endpoint: `http://127.0.0.1:${server.address().port}`, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
})
const said = []
for (const [Command, code] of [[HeadBucketCommand, 403], [HeadBucketCommand, 404], [HeadBucketCommand, 301], [HeadBucketCommand, 400], [GetBucketPolicyCommand, 403]]) {
  status = code
  const error = await client.send(new Command({ Bucket: 'example-bucket' })).catch((thrown) => thrown)
  said.push(`${code} ${error.name} ${error.$metadata.httpStatusCode === code} ${JSON.stringify(error).includes('eu-west-1')}`)
}
client.destroy()
server.close()
console.log(said.join('; '))
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = '403 Unknown true false; 404 NotFound true false; 301 Unknown true false; 400 Unknown true false; 403 Unknown true false' ]
