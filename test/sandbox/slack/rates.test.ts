import { describe, expect, test } from '@jest/globals'
import { cardBlocks, slackClient, withSlack } from '../../support/stand-in-slack.ts'

let time = Date.UTC(2026, 10, 29)
const slack = withSlack({ rate: 1, now: () => time })
const client = () => slackClient(slack())
const channel = 'C0SECOPS'
const post = () => client().chat.postMessage({ channel, text: 'a card' })
/** `ok`, or after how many seconds to come again. */
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: { retryAfter?: number }) => error.retryAfter,
  )

async function outcomes(count: number, call: () => Promise<unknown>) {
  const all: unknown[] = []
  for (let at = 0; at < count; at++) all.push(await outcome(call()))
  return all
}

describe('messages', () => {
  test('are posted one a second in a channel, after a short burst', async () => {
    expect(await outcomes(5, post)).toEqual(['ok', 'ok', 'ok', 1, 1])
    time += 1_000
    expect(await outcomes(2, post)).toEqual(['ok', 1])
    expect(slack().calls.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 200, 429])
  })

  test('that are refused for the rate do not stand', async () => {
    await outcomes(5, post)
    expect(
      slack()
        .state()
        .channels.find(({ id }) => id === channel)!.messages,
    ).toHaveLength(3)
  })
})

test.each([
  ['chat.update', 50, 2],
  ['usergroups.users.list', 20, 3],
  ['views.open', 100, 1],
])('%s may be called %i times a minute', async (method, count, retryAfter) => {
  const call = () => client().apiCall(method, { usergroup: 'S0ONCALL' })
  const refusedOnlyForTheRate = (await outcomes(count + 1, call)).filter((one) => typeof one === 'number')
  expect(refusedOnlyForTheRate).toEqual([retryAfter])
  time += retryAfter * 1_000
  expect(await outcomes(1, call)).not.toEqual([retryAfter])
})

test('the limits can be as much faster as a test wants, or none', async () => {
  slack().control({ rate: 10 })
  await outcomes(3, post)
  time += 100
  expect(await outcomes(1, post)).toEqual(['ok'])
  slack().control({ rate: 0 })
  expect(await outcomes(20, post)).toEqual(Array(20).fill('ok'))
})

describe('a fault', () => {
  test('of the rate strikes as often as was said, and the real client reads when to come again', async () => {
    Object.assign(slack().faults, { limit: 2, retryAfter: 7 })
    expect(await outcomes(3, post)).toEqual([7, 7, 'ok'])
  })

  test('of the rate can come with a 200, which the real client takes for a refusal', async () => {
    Object.assign(slack().faults, { limit: 1, retryAfter: 7, limitStatus: 200 })
    await expect(post()).rejects.toMatchObject({
      data: { error: 'ratelimited', response_metadata: { retryAfter: 7 } },
    })
  })

  test.each([
    ['cut', { code: 'slack_webapi_request_error' }],
    ['hang', { code: 'slack_webapi_request_error', message: expect.stringContaining('TimeoutError') }],
    ['stall', { name: 'TimeoutError', constructor: DOMException }],
  ] as const)('that loses an answer (%s) leaves the message standing', async (lostBy, error) => {
    Object.assign(slack().faults, { loseAnswers: 1, lostBy })
    const call = slackClient(slack(), { timeout: 100 }).chat.postMessage({ channel, text: 'a card' })
    await expect(call).rejects.toMatchObject(error)
    expect(
      slack()
        .state()
        .channels.find(({ id }) => id === channel)!.messages,
    ).toHaveLength(1)
  })

  test('that loses the answer to a message leaves it to be found by its metadata', async () => {
    slack().faults.loseAnswers = 1
    const metadata = { event_type: 'rectify_card', event_payload: { card: '01J-1' } }
    const lost = client().chat.postMessage({ channel, text: 'a card', blocks: cardBlocks(), metadata })
    await expect(lost).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
    const { messages } = await client().conversations.history({ channel, include_all_metadata: true })
    expect(messages!.map((one) => one.metadata)).toEqual([metadata])
  })

  test.each([
    ['reset', { code: 'slack_webapi_request_error' }],
    ['unavailable', { code: 'slack_webapi_http_error', statusCode: 503 }],
    ['page', { data: { error: expect.stringContaining('<html>') } }],
    ['html', { code: 'slack_webapi_http_error', statusCode: 502, body: expect.stringContaining('<html>') }],
  ] as const)('%s: Slack is down, nothing happens', async (down, error) => {
    slack().faults.down = down
    await expect(post()).rejects.toMatchObject(error)
    slack().control({ faults: { down: null } })
    expect(slack().state()).toMatchObject({ requests: 1, calls: { 'chat.postMessage': 1 } })
    expect(await outcome(post())).toBe('ok')
    expect(
      slack()
        .state()
        .channels.find(({ id }) => id === channel)!.messages,
    ).toHaveLength(1)
  })

  test.each([
    ['hang', { code: 'slack_webapi_request_error' }],
    ['stall', { name: 'TimeoutError' }],
  ] as const)('%s: no answer comes to its end until the client gives up', async (down, error) => {
    slack().faults.down = down
    const call = slackClient(slack(), { timeout: 100 }).chat.postMessage({ channel, text: 'a card' })
    await expect(call).rejects.toMatchObject(error)
    expect(slack().calls).toMatchObject([{ status: 0 }])
    expect(
      slack()
        .state()
        .channels.find(({ id }) => id === channel)!.messages,
    ).toEqual([])
  })

  test('can be of one method only, and another process can set it', async () => {
    const { page } = slack()
    const faults = { down: 'html', methods: ['usergroups.users.list'] }
    const set = await fetch(`${page}/control`, { method: 'POST', body: JSON.stringify({ faults }) })
    expect(await set.json()).toEqual({ ok: true })
    expect(await outcome(post())).toBe('ok')
    const groups = client().usergroups.users.list({ usergroup: 'S0ONCALL' })
    await expect(groups).rejects.toMatchObject({ statusCode: 502 })
  })

  test('ends with a reset, as do messages and what was counted', async () => {
    slack().faults.down = 'reset'
    await outcome(post())
    slack().reset()
    expect(slack().state()).toMatchObject({ requests: 0, faults: { limit: 0 } })
    expect(await outcome(post())).toBe('ok')
  })

  test('that nobody knows is refused', async () => {
    const { page } = slack()
    const set = await fetch(`${page}/control`, { method: 'POST', body: '{"faults":{"dwon":"html"}}' })
    expect([set.status, await set.json()]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_arguments', detail: expect.stringContaining('dwon') }),
    ])
  })
})
