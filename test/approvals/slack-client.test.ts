import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { SlackApi } from '../../src/approvals/slack-api.ts'
import { slackClient } from '../../src/approvals/slack-client.ts'
import { SlackLimited, SlackRefused, SlackUnanswered } from '../../src/approvals/slack-errors.ts'

interface Request {
  path: string
  form: URLSearchParams
}

let server: Server
let slack: SlackApi
let requests: Request[]
let answer: (request: Request, response: ServerResponse) => void

const json =
  (body: unknown, headers: Record<string, string> = {}) =>
  (_: Request, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

beforeAll(async () => {
  server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  requests = []
  const { port } = server.address() as AddressInfo
  slack = slackClient({ token: 'xoxb-1', apiUrl: `http://127.0.0.1:${port}/api/`, timeoutMs: 150 })
})

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const taken = { path: request.url ?? '', form: new URLSearchParams(body) }
  requests.push(taken)
  answer(taken, response)
}

const post = () => slack.postMessage({ channel: 'C1', text: 'hello', blocks: [{ type: 'divider' }] })
const thrown = (work: () => Promise<unknown>) =>
  work().then(
    () => 'it ended well',
    (error: unknown) => error,
  )

test('a message is posted once, with its blocks, its metadata and its thread, and nothing is unfurled', async () => {
  answer = json({ ok: true, ts: '17.5' })
  const metadata = { event_type: 'rectify_card', event_payload: { card: 'a-1' } }
  const message = { channel: 'C1', text: 'hello', blocks: [{ type: 'divider' }], metadata, thread: '16.1' }
  expect(await slack.postMessage(message)).toEqual({ ts: '17.5' })
  expect(requests.map(({ path }) => path)).toEqual(['/api/chat.postMessage'])
  expect(Object.fromEntries(requests[0]!.form)).toEqual({
    channel: 'C1',
    text: 'hello',
    blocks: '[{"type":"divider"}]',
    metadata: JSON.stringify(metadata),
    thread_ts: '16.1',
    unfurl_links: 'false',
    unfurl_media: 'false',
  })
})

test('an update without blocks takes those away that were there', async () => {
  answer = json({ ok: true })
  await slack.update({ channel: 'C1', ts: '17.5', text: 'over' })
  expect(Object.fromEntries(requests[0]!.form)).toEqual({
    channel: 'C1',
    ts: '17.5',
    text: 'over',
    blocks: '[]',
  })
})

describe('a rate limit is told with its time and asked once, whether it comes as', () => {
  test.each([
    [
      'status 429',
      (_: Request, response: ServerResponse) => response.writeHead(429, { 'retry-after': '7' }).end(),
      7,
    ],
    ['a platform error', json({ ok: false, error: 'ratelimited' }, { 'retry-after': '7' }), 7],
    ['one that does not say for how long', json({ ok: false, error: 'rate_limited' }), 1],
  ])('%s', async (_, given, seconds) => {
    answer = given
    const error = await thrown(post)
    expect(error).toBeInstanceOf(SlackLimited)
    expect((error as SlackLimited).retryAfterSeconds).toBe(seconds)
    expect(requests).toHaveLength(1)
  })
})

test('one method that is limited holds back no other', async () => {
  answer = (request, response) =>
    request.path.endsWith('views.open')
      ? json({ ok: true, view: { id: 'V1' } })(request, response)
      : response.writeHead(429, { 'retry-after': '60' }).end()
  const limited = thrown(post)
  expect(await slack.openView('t1', { type: 'modal' })).toEqual({ id: 'V1' })
  expect(await limited).toBeInstanceOf(SlackLimited)
})

describe('nobody knows whether it was done, and it is asked once, when', () => {
  test.each<[string, (request: Request, response: ServerResponse) => void]>([
    ['no answer comes in time', () => undefined],
    ['only its body is late', (_, response) => response.writeHead(200).write('{"ok":')],
    ['the connection breaks', (_, response) => response.destroy()],
    ['it is a page of HTML', (_, response) => response.writeHead(200).end('<html>Maintenance</html>')],
    ['a proxy answers', (_, response) => response.writeHead(403).end('<html>Denied</html>')],
    ['Slack answers 500', (_, response) => response.writeHead(500).end()],
    ['429 says no time', (_, response) => response.writeHead(429).end()],
    ['Slack names a failure of its own', json({ ok: false, error: 'internal_error' })],
    ['the answer does not say where it stands', json({ ok: true })],
  ])('%s', async (_, given) => {
    answer = given
    expect(await thrown(post)).toBeInstanceOf(SlackUnanswered)
    expect(requests).toHaveLength(1)
  })

  test('nobody listens', async () => {
    slack = slackClient({ token: 'xoxb-1', apiUrl: 'http://127.0.0.1:1/api/', timeoutMs: 150 })
    expect(await thrown(post)).toBeInstanceOf(SlackUnanswered)
  })
})

test('a refusal is told by its code, with what Slack says of the arguments, and printed nowhere', async () => {
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined)
  const messages = ['[ERROR] must be less than 3001 characters']
  answer = json({ ok: false, error: 'invalid_blocks', response_metadata: { messages } })
  const error = await thrown(post)
  expect(error).toBeInstanceOf(SlackRefused)
  expect(error).toMatchObject({ code: 'invalid_blocks', details: messages })
  expect(printed).not.toHaveBeenCalled()
})

describe('what stands in a channel', () => {
  const card = (n: number) => ({
    ts: `${n}.0`,
    text: 'a',
    metadata: { event_type: 'rectify_card', event_payload: { card: `c${n}` } },
  })
  const filter = { channel: 'C1', oldest: '10', eventType: 'rectify_card' }

  test('is read over all its pages, and only what carries the metadata', async () => {
    answer = (request, response) =>
      json(
        request.form.get('cursor') === 'next'
          ? { ok: true, messages: [card(2)] }
          : {
              ok: true,
              messages: [{ ts: '5.0', text: 'chat' }, card(1)],
              response_metadata: { next_cursor: 'next' },
            },
      )(request, response)
    expect((await slack.history(filter)).map(({ ts }) => ts)).toEqual(['1.0', '2.0'])
    expect(requests.map(({ path }) => path)).toEqual(Array(2).fill('/api/conversations.history'))
    expect(requests[0]!.form.get('include_all_metadata')).toBe('true')
  })

  test('is read of a thread by the message that it hangs on', async () => {
    answer = json({ ok: true, messages: [card(1)] })
    await slack.history({ ...filter, thread: '17.5' })
    expect(requests[0]).toMatchObject({ path: '/api/conversations.replies' })
    expect(requests[0]!.form.get('ts')).toBe('17.5')
  })

  test('is not taken for absent where there is more than is read', async () => {
    answer = json({ ok: true, messages: [], response_metadata: { next_cursor: 'more' } })
    expect(await thrown(() => slack.history(filter))).toBeInstanceOf(SlackUnanswered)
  })
})

test('a member is told by what matters to who may decide', async () => {
  const user = {
    id: 'U1',
    team_id: 'T1',
    deleted: false,
    is_ultra_restricted: true,
    is_stranger: true,
    real_name: 'Ann',
  }
  answer = json({ ok: true, user })
  expect(await slack.userInfo('U1')).toEqual({
    id: 'U1',
    workspace: 'T1',
    isDeactivated: false,
    isGuest: true,
    isBot: false,
    isStranger: true,
    name: 'Ann',
  })
})

test('a group of which Slack names no members is unanswered, not empty', async () => {
  answer = json({ ok: true })
  expect(await thrown(() => slack.groupMembers('S1'))).toBeInstanceOf(SlackUnanswered)
  answer = json({ ok: true, users: ['U1', 'U2'] })
  expect(await slack.groupMembers('S1')).toEqual(['U1', 'U2'])
})

test('a file goes up whole and stands in the thread', async () => {
  answer = (request, response) => {
    const { port } = server.address() as AddressInfo
    if (request.path === '/upload') response.writeHead(200).end('OK')
    else if (request.path.endsWith('getUploadURLExternal'))
      json({ ok: true, upload_url: `http://127.0.0.1:${port}/upload`, file_id: 'F1' })(request, response)
    else json({ ok: true, files: [{ id: 'F1' }] })(request, response)
  }
  await slack.uploadFile({
    channel: 'C1',
    thread: '17.5',
    name: 'plan.txt',
    title: 'Plan',
    content: 'the plan',
  })
  expect(requests.map(({ path }) => path)).toEqual([
    '/api/files.getUploadURLExternal',
    '/upload',
    '/api/files.completeUploadExternal',
  ])
  expect(requests[2]!.form.get('thread_ts')).toBe('17.5')
})
