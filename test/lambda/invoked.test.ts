import { readdirSync, readFileSync } from 'node:fs'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Context } from 'aws-lambda'
import { services } from '../../playbooks/index.ts'
import { clients } from '../../src/aws/clients.ts'
import { endingWithInvocation, endOfInvocation, invoked } from '../../src/lambda/invoked.ts'
import { call } from '../../src/playbook/api.ts'
import { prompt } from '../../src/queue/prompt.ts'

const REGION = 'eu-west-1'
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
/** As the runner has it. */
const TIMEOUT_MS = 120_000
const context = { awsRequestId: '1', getRemainingTimeInMillis: () => TIMEOUT_MS } as Context

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] })
})
afterEach(() => {
  jest.useRealTimers()
})

/** AWS that takes every request and answers none; tells which were given up. */
function silent() {
  const requests: { aborted: boolean }[] = []
  return {
    requests,
    requestHandler: {
      handle(_request: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
        const gaveUp = Object.assign(new Error('Request aborted'), { name: 'AbortError' })
        // As the SDK's own handler does.
        if (abortSignal?.aborted) return Promise.reject(gaveUp)
        const request = { aborted: false }
        requests.push(request)
        return new Promise<never>((_resolve, reject) => {
          abortSignal?.addEventListener('abort', () => {
            request.aborted = true
            reject(gaveUp)
          })
        })
      },
    },
  }
}

const describeGroups = call('ec2', 'DescribeSecurityGroups', {})
const message = new SendMessageCommand({
  QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q',
  MessageBody: '',
})

/** Both kinds of clients that a function has: those of the playbooks' services, and those of the engine's own. */
function bothKinds(aws: ReturnType<typeof silent>) {
  const { requestHandler } = aws
  const send = clients({
    services,
    requestHandler,
    region: REGION,
    credentials: async () => credentials,
    until: endOfInvocation,
  })
  const sqs = endingWithInvocation(
    new SQSClient({ ...prompt(), requestHandler, region: REGION, credentials }),
  )
  return [() => send(REGION, describeGroups), () => sqs.send(message)] as const
}

/** Lets everything happen that needs no timer. */
async function untilAsked(aws: ReturnType<typeof silent>, count: number) {
  while (aws.requests.length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('a handler', () => {
  test('does not answer before its work has ended, however near its deadline is', async () => {
    jest.useRealTimers()
    const near = { ...context, getRemainingTimeInMillis: () => 10 } as Context
    // Longer than there is time: middy by itself answers 5 ms before the end.
    const work = () => new Promise<string>((resolve) => setTimeout(resolve, 40, 'whole'))
    await expect(invoked(work)({}, near)).resolves.toBe('whole')
  })

  test.each([
    ['a service that a playbook uses', 0],
    ['a service of the engine', 1],
  ] as const)('has a call to %s given up before its deadline, and starts none after', async (_what, kind) => {
    const aws = silent()
    const one = bothKinds(aws)[kind]
    const answer = invoked(async () => {
      const first = await one().catch(({ name, code }: { name: string; code?: string }) => code ?? name)
      const second = await one().catch(({ name, code }: { name: string; code?: string }) => code ?? name)
      return [first, second]
    })({}, context) as Promise<string[]>
    await untilAsked(aws, 1)
    await jest.advanceTimersByTimeAsync(TIMEOUT_MS - 1_001)
    expect(aws.requests).toEqual([{ aborted: false }])
    await jest.advanceTimersByTimeAsync(1)
    await expect(answer).resolves.toEqual(['AbortError', 'AbortError'])
    expect(aws.requests).toEqual([{ aborted: true }])
  })

  test.each([
    ['a service that a playbook uses', 0],
    ['a service of the engine', 1],
  ] as const)('sends nothing more to %s inside the next event', async (_what, kind) => {
    const aws = silent()
    const one = bothKinds(aws)[kind]
    let leftOver: (() => Promise<unknown>) | undefined
    let next: () => void = () => undefined
    const nextEvent = new Promise<void>((resolve) => {
      next = resolve
    })
    let ended: Promise<unknown> | undefined
    const handler = invoked(async ({ id }: { id: number }) => {
      // What the first event leaves behind goes on when the second is there.
      if (id === 1) ended = nextEvent.then(() => leftOver!()).catch(({ name, code }) => code ?? name)
      else next()
      return id
    })
    leftOver = one
    await handler({ id: 1 }, context)
    await handler({ id: 2 }, context)
    await expect(ended).resolves.toBe('AbortError')
    expect(aws.requests).toEqual([])
  })
})

test('no function has another kind of handler, nor a client whose calls go on after it', () => {
  const folder = new URL('../../src/lambda/', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'invoked.ts')
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))
  expect(sources.filter(({ text }) => text.includes('@middy/core')).map(({ name }) => name)).toEqual([])
  const made = sources.flatMap(({ text }) => text.match(/\S*(?:new \w+Client|\bsqs)\(/g) ?? [])
  expect(made.length).toBeGreaterThan(4)
  expect(made.filter((text) => !text.includes('endingWithInvocation('))).toEqual([])
})
