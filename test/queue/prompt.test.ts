import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from '@jest/globals'
import { Retries } from '../../src/aws/attempts/retries.ts'
import { prompt } from '../../src/queue/prompt.ts'

test('a service that takes the call and never answers is given up', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const ours = prompt()
  const client = new SQSClient({
    ...ours,
    requestHandler: { ...ours.requestHandler, requestTimeout: 50 },
    retryStrategy: new Retries(1),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  })
  await expect(client.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' })
  client.destroy()
  silent.closeAllConnections()
  silent.close()
})
