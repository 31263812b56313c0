#!/usr/bin/env bash
# @aws-sdk/client-s3 3.1169.0: a command keeps the very object that it is given and, as it is sent, writes the algorithm
# of a checksum into it (PutBucketVersioning, PutPublicAccessBlock, PutBucketPolicy ...). Whoever shows, stores or hashes
# the input after the call sees a field that nobody set. EC2's client leaves its input as it was.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-s3@3.1169.0 @aws-sdk/client-ec2@3.1169.0
cat > probe.mjs <<'JS'
import { createServer } from 'node:http'
import { EC2Client, DeleteTagsCommand } from '@aws-sdk/client-ec2'
import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
const server = createServer((request, response) => request.resume().on('end', () => response.writeHead(200).end()))
server.listen(0, '127.0.0.1')
await new Promise((done) => server.once('listening', done))
const place = {
  endpoint: `http://127.0.0.1:${server.address().port}`, region: 'us-east-1', maxAttempts: 1,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
}
const s3 = new S3Client({ ...place, forcePathStyle: true })
const ec2 = new EC2Client(place)
const bucket = { Bucket: 'example-bucket', VersioningConfiguration: { Status: 'Enabled' } }
await s3.send(new PutBucketVersioningCommand(bucket))
const tags = { Resources: ['i-0123456789abcdef0'], Tags: [{ Key: 'a' }] }
await ec2.send(new DeleteTagsCommand(tags)).catch(() => {})
console.log([Object.keys(bucket).join(), Object.keys(tags).join()].join('; '))
s3.destroy()
ec2.destroy()
server.close()
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'Bucket,VersioningConfiguration,ChecksumAlgorithm; Resources,Tags' ]
