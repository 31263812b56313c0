import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { textOf } from '../../support/source-files.ts'
import { cardBlocks, refusal, slackClient, withSlack } from '../../support/stand-in-slack.ts'

const slack = withSlack()
const client = () => slackClient(slack())
const channel = 'C0SECOPS'
const post = (text: string, more = {}) => client().chat.postMessage({ channel, text, ...more })
const shown = () =>
  slack()
    .state()
    .channels.find(({ id }) => id === channel)!.messages
const newsOf = async (call: Promise<unknown>) => [await refusal(call), shown().length]

describe('a call', () => {
  test('without a token is not_authed, with another one invalid_auth, and does nothing', async () => {
    const { api } = slack()
    const plain = await fetch(`${api}chat.postMessage`, {
      method: 'POST',
      body: new URLSearchParams({ channel, text: 'hello' }),
    })
    expect(await plain.json()).toMatchObject({ ok: false, error: 'not_authed' })
    const other = slackClient({ ...slack(), token: 'xoxb-other' })
    expect(await newsOf(other.chat.postMessage({ channel, text: 'hello' }))).toEqual(['invalid_auth', 0])
  })

  test('takes JSON as well as a form', async () => {
    const { api, token } = slack()
    const answer = await fetch(`${api}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel, blocks: cardBlocks(), text: 'from JSON' }),
    })
    expect(await answer.json()).toMatchObject({ ok: true, channel })
    expect(shown()).toMatchObject([
      { text: 'from JSON', blocks: [{ block_id: 'what' }, { block_id: 'decide' }] },
    ])
  })

  test('of an unknown method is told so', async () => {
    expect(await refusal(client().apiCall('chat.postLetter'))).toBe('unknown_method')
  })

  test('knows itself by the token', async () => {
    expect(await client().auth.test()).toMatchObject({ team_id: 'T0ACME', user_id: 'U0RECTIFY' })
  })

  test('after the token was replaced is invalid_auth', async () => {
    const before = client()
    slack().control({ token: 'xoxb-next' })
    expect(await refusal(before.auth.test())).toBe('invalid_auth')
    expect(await client().auth.test()).toMatchObject({ ok: true })
  })
})

test('the app may what the manifest asks for, and nothing more', async () => {
  const { oauth_config } = parse(textOf('docs/slack-manifest.yaml'))
  const { response_metadata } = await client().auth.test()
  expect(response_metadata?.scopes?.toSorted()).toEqual(oauth_config.scopes.bot.toSorted())
})

test.each([
  ['conversations.info', { channel }, 'channels:read'],
  ['conversations.join', { channel: 'C0GENERAL' }, 'channels:join'],
])('%s needs a scope that the manifest does not ask for', async (method, args, scope) => {
  const call = client().apiCall(method, args)
  await expect(call).rejects.toMatchObject({ data: { error: 'missing_scope', needed: scope } })
})

describe('a channel', () => {
  test('that there is not is channel_not_found, one without the app not_in_channel', async () => {
    const of = (id: string) => refusal(client().chat.postMessage({ channel: id, text: 'hello' }))
    expect([await of('C0NOWHERE'), await of('C0GENERAL')]).toEqual(['channel_not_found', 'not_in_channel'])
  })

  test('gives its messages newest first, page by page, without those in threads', async () => {
    const [first] = [await post('1'), await post('2'), await post('3')]
    await post('a reply', { thread_ts: first.ts })
    const page = await client().conversations.history({ channel, limit: 2 })
    const rest = await client().conversations.history({
      channel,
      limit: 2,
      cursor: page.response_metadata!.next_cursor!,
    })
    expect(page.messages!.map(({ text }) => text)).toEqual(['3', '2'])
    expect([page.has_more, rest.has_more]).toEqual([true, false])
    expect(rest.messages!.map(({ text }) => text)).toEqual(['1'])
    expect(rest.messages![0]).toMatchObject({ reply_count: 1, thread_ts: first.ts })
  })

  test('gives what is newer than a message, and that message only when asked', async () => {
    const { ts } = await post('1')
    await post('2')
    const newer = await client().conversations.history({ channel, oldest: ts! })
    const from = await client().conversations.history({ channel, oldest: ts!, inclusive: true })
    expect(newer.messages!.map(({ text }) => text)).toEqual(['2'])
    expect(from.messages!.map(({ text }) => text)).toEqual(['2', '1'])
  })

  test('gives metadata only to who asks for it', async () => {
    const metadata = { event_type: 'rectify_card', event_payload: { card: '01J-1' } }
    await post('a card', { metadata })
    const without = await client().conversations.history({ channel })
    const all = await client().conversations.history({ channel, include_all_metadata: true })
    expect(without.messages![0]!.metadata).toBeUndefined()
    expect(all.messages![0]!.metadata).toEqual(metadata)
  })
})

describe('a message', () => {
  test('has a ts of its own, later than all before it, also within a millisecond', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, at) => post(String(at))))
    const ts = all.map((each) => each.ts!)
    expect(new Set(ts).size).toBe(20)
    expect(shown().map((each) => each.ts)).toEqual([...ts].sort())
    expect(ts[0]).toMatch(/^\d{10}\.\d{6}$/)
  })

  test('without text and blocks is no_text', async () => {
    expect(await newsOf(client().chat.postMessage({ channel, text: '' }))).toEqual(['no_text', 0])
  })

  test('stands in a thread under the first, whichever reply was named', async () => {
    const { ts } = await post('a card')
    const reply = await post('a reply', { thread_ts: ts })
    await post('another', { thread_ts: reply.ts })
    const { messages } = await client().conversations.replies({ channel, ts: ts! })
    expect(messages!.map(({ text }) => text)).toEqual(['a card', 'a reply', 'another'])
    expect(shown()[0]!.replies.map(({ text }) => text)).toEqual(['a reply', 'another'])
  })

  test('under one that was deleted is thread_not_found', async () => {
    const { ts } = await post('a card')
    slack().control({ deleteMessage: { channel, ts: ts! } })
    expect(await refusal(post('a reply', { thread_ts: ts }))).toBe('thread_not_found')
  })

  test('keeps its blocks unless a text comes without them', async () => {
    const { ts } = await post('a card', { blocks: cardBlocks() })
    await client().chat.update({ channel, ts: ts!, blocks: cardBlocks('def'), text: 'changed' })
    expect(shown()[0]).toMatchObject({ updates: 1, edited: false, text: 'changed' })
    expect(shown()[0]!.blocks).toHaveLength(2)
    await client().chat.update({ channel, ts: ts!, text: 'only text' })
    expect(shown()[0]).toMatchObject({ updates: 2, edited: true, text: 'only text', blocks: [] })
  })

  test('keeps its metadata when it is changed without', async () => {
    const metadata = { event_type: 'rectify_card', event_payload: { card: '01J-1' } }
    const { ts } = await post('a card', { metadata })
    await client().chat.update({ channel, ts: ts!, text: 'changed' })
    expect(shown()[0]!.metadata).toEqual(metadata)
  })

  test('that there is not cannot be changed, nor one of somebody else', async () => {
    const { ts } = await post('a card')
    slack().control({ deleteMessage: { channel, ts: ts! } })
    const gone = client().chat.update({ channel, ts: ts!, text: 'changed' })
    expect(await refusal(gone)).toBe('message_not_found')
    slack().say({ user: 'U0ANN', channel, text: 'mine' })
    const hers = shown()[0]!.ts
    expect(await refusal(client().chat.update({ channel, ts: hers, text: 'x' }))).toBe('cant_update_message')
    expect(await refusal(client().chat.delete({ channel, ts: hers }))).toBe('cant_delete_message')
  })

  test('is changed with 4,000 characters of text at most', async () => {
    const { ts } = await post('a card')
    const text = 'x'.repeat(4_001)
    expect(await refusal(client().chat.update({ channel, ts: ts!, text }))).toBe('msg_too_long')
  })

  test('can be taken back, and linked to', async () => {
    const { ts } = await post('a card')
    const { permalink } = await client().chat.getPermalink({ channel, message_ts: ts! })
    expect(permalink).toContain(`/archives/${channel}/p${ts!.replace('.', '')}`)
    expect((await fetch(permalink!)).status).toBe(200)
    await client().chat.delete({ channel, ts: ts! })
    expect(shown()).toEqual([])
  })

  test('for one person is in no history', async () => {
    await client().chat.postEphemeral({ channel, user: 'U0ANN', text: 'only you' })
    expect(slack().state().ephemeral).toMatchObject([{ user: 'U0ANN', text: 'only you' }])
    expect((await client().conversations.history({ channel })).messages).toEqual([])
    const outside = client().chat.postEphemeral({ channel, user: 'U0NOBODY', text: 'only you' })
    expect(await refusal(outside)).toBe('user_not_in_channel')
  })
})

describe('people', () => {
  test.each([
    ['U0ANN', { deleted: false, is_bot: false, is_restricted: false, team_id: 'T0ACME' }],
    ['U0GUEST', { is_ultra_restricted: true, is_restricted: true }],
    ['U0GONE', { deleted: true }],
    ['U0STRANGER', { is_stranger: true, team_id: 'T0OTHER' }],
    ['U0RECTIFY', { is_bot: true }],
  ])('%s is told with what they are', async (user, flags) => {
    expect((await client().users.info({ user })).user).toMatchObject(flags)
  })

  test('who are unknown are user_not_found', async () => {
    expect(await refusal(client().users.info({ user: 'U0NOBODY' }))).toBe('user_not_found')
  })

  test('of a group are listed as they are now', async () => {
    const list = async () => (await client().usergroups.users.list({ usergroup: 'S0ONCALL' })).users
    expect(await list()).toEqual(['U0ANN', 'U0BEN'])
    slack().control({ groups: [{ id: 'S0ONCALL', users: ['U0CHO'] }] })
    expect(await list()).toEqual(['U0CHO'])
    expect(await refusal(client().usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam')
  })
})

describe('a file', () => {
  const content = 'the whole plan\n'.repeat(500)

  test('is uploaded in three steps and stands in the thread', async () => {
    const { ts } = await post('a card')
    await client().filesUploadV2({
      channel_id: channel,
      thread_ts: ts!,
      filename: 'plan.txt',
      title: 'Plan',
      content,
      initial_comment: 'The whole plan',
    })
    const [reply] = shown()[0]!.replies
    expect(reply).toMatchObject({ text: 'The whole plan', files: [{ name: 'plan.txt', title: 'Plan' }] })
    expect(reply!.files[0]!.content).toBe(content)
    const { page } = slack()
    expect(await (await fetch(`${page}/files/${reply!.files[0]!.id}`)).text()).toBe(content)
  })

  test('that was not uploaded, or is shorter than announced, cannot be shared', async () => {
    const { upload_url, file_id } = await client().files.getUploadURLExternal({ filename: 'a', length: 3 })
    const complete = () => refusal(client().files.completeUploadExternal({ files: [{ id: file_id! }] }))
    expect(await complete()).toBe('file_not_found')
    const short = await fetch(upload_url!, { method: 'POST', body: 'ab' })
    expect([short.status, await complete()]).toEqual([400, 'file_not_found'])
    await fetch(upload_url!, { method: 'POST', body: 'abc' })
    expect(await complete()).toBe('not refused')
  })
})
