import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import type { View } from '@slack/web-api'
import { postCard, refusal, slackClient, withReceiver, withSlack } from '../../support/stand-in-slack.ts'

let time = Date.UTC(2026, 10, 29)
const slack = withSlack({ now: () => time, answerMs: 300 })
const client = () => slackClient(slack())
const channel = 'C0SECOPS'
const receiver = withReceiver(slack)
const clicked = (ts: string, more = {}) =>
  slack().click({ user: 'U0ANN', channel, ts, action_id: 'approve', ...more })
const messages = () =>
  slack()
    .state()
    .channels.find(({ id }) => id === channel)!.messages

describe('a click', () => {
  test('is signed as Slack signs, over the body as it is sent', async () => {
    await clicked(await postCard(slack()))
    const { headers, body } = receiver().received[0]!
    const timestamp = headers['x-slack-request-timestamp']
    const expected = createHmac('sha256', slack().signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex')
    expect(timestamp).toBe(String(time / 1000))
    expect(headers['x-slack-signature']).toBe(`v0=${expected}`)
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(body).toMatch(/^payload=%7B/)
  })

  test('says who, where, on what message as it is, and what', async () => {
    const ts = await postCard(slack())
    const { status, ms } = await clicked(ts)
    expect([status, ms >= 0]).toEqual([200, true])
    const { payload } = receiver().received[0]!
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ANN', username: 'ann', name: 'ann', team_id: 'T0ACME' },
      team: { id: 'T0ACME', domain: 'acme' },
      channel: { id: channel, name: 'secops' },
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
      message: { type: 'message', user: 'U0RECTIFY', bot_id: 'B0RECTIFY', ts, text: 'a card' },
      api_app_id: 'A0RECTIFY',
      token: expect.any(String),
      trigger_id: expect.any(String),
      response_url: expect.stringContaining(`/actions/T0ACME/`),
      enterprise: null,
      is_enterprise_install: false,
      state: { values: {} },
    })
    expect(payload.message.blocks).toHaveLength(2)
    expect(payload.actions).toEqual([
      {
        type: 'button',
        action_id: 'approve',
        block_id: 'decide',
        text: { type: 'plain_text', text: 'Approve' },
        style: 'primary',
        value: 'RUN:abc',
        action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
      },
    ])
  })

  test('on what is not in the message is not sent', async () => {
    const ts = await postCard(slack())
    expect(await clicked(ts, { action_id: 'undo' })).toMatchObject({ status: 0, error: 'no_such_element' })
    expect(await clicked('1.000000')).toMatchObject({ status: 0, error: 'no_such_message' })
    expect(await clicked(ts, { user: 'U0NOBODY' })).toMatchObject({ error: 'user_not_found' })
    expect(receiver().received).toEqual([])
  })

  test('by HTTP may carry what a screen showed before', async () => {
    const ts = await postCard(slack())
    await client().chat.update({ channel, ts, text: 'done', blocks: [] })
    const { page } = slack()
    const body = { user: 'U0BEN', channel, ts, block_id: 'decide', action_id: 'approve', value: 'RUN:old' }
    const answer = await fetch(`${page}/click`, { method: 'POST', body: JSON.stringify(body) })
    expect(await answer.json()).toMatchObject({ status: 200 })
    expect(receiver().received[0]!.payload).toMatchObject({
      user: { id: 'U0BEN' },
      actions: [{ type: 'button', action_id: 'approve', block_id: 'decide', value: 'RUN:old' }],
    })
  })

  test('of somebody elsewhere says where they belong', async () => {
    const ts = await postCard(slack())
    await clicked(ts, { user: 'U0STRANGER' })
    await clicked(ts, { team: 'T0FORGED' })
    expect(receiver().received.map(({ payload }) => [payload.user.team_id, payload.team.id])).toEqual([
      ['T0OTHER', 'T0ACME'],
      ['T0FORGED', 'T0FORGED'],
    ])
  })

  test('tells what the receiver answers, that it is not there, or that it takes too long', async () => {
    const ts = await postCard(slack())
    Object.assign(receiver().answer, { status: 401, body: 'no' })
    expect(await clicked(ts)).toMatchObject({ status: 401, body: 'no' })
    receiver().answer.body = undefined
    expect(await clicked(ts)).toMatchObject({ status: 0, error: 'operation_timeout' })
    slack().receiver = 'http://127.0.0.1:9/'
    expect(await clicked(ts)).toMatchObject({ status: 0, error: 'unreachable' })
    slack().receiver = undefined
    expect(await clicked(ts)).toMatchObject({ status: 0, error: 'no_receiver' })
  })

  test.each([
    ['from a web page of somebody else', { origin: 'https://evil.example' }, 403],
    ['by a name that only leads here', { host: 'evil.example' }, 403],
    ['from the page itself', {}, 200],
  ])('%s', async (_, more, status) => {
    const ts = await postCard(slack())
    const { page } = slack()
    const { host, origin } = new URL(page)
    const body = JSON.stringify({ user: 'U0ANN', channel, ts, action_id: 'approve' })
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host, origin, ...more }
      request(`${page}/click`, { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end(body)
    })
    expect(answer).toBe(status)
    expect(receiver().received).toHaveLength(status === 200 ? 1 : 0)
  })
})

describe('a trigger_id', () => {
  const view: View = {
    type: 'modal',
    title: { type: 'plain_text', text: 'Plan' },
    blocks: [{ type: 'divider' }],
  }
  const trigger = async () => {
    await clicked(await postCard(slack()))
    return receiver().received.at(-1)!.payload.trigger_id as string
  }
  const open = (trigger_id: string) => client().views.open({ trigger_id, view })

  test('opens one modal for who clicked, and no second one', async () => {
    const id = await trigger()
    await open(id)
    expect(slack().state().views).toMatchObject([{ user: 'U0ANN', title: { text: 'Plan' } }])
    expect(await refusal(open(id))).toBe('exchanged_trigger_id')
  })

  test('lives three seconds', async () => {
    const [first, second] = [await trigger(), await trigger()]
    time += 3_000
    expect(await refusal(open(first))).toBe('not refused')
    time += 1
    expect(await refusal(open(second))).toBe('expired_trigger_id')
  })

  test('that nobody has got is invalid', async () => {
    expect(await refusal(open('12345.98765.abcd'))).toBe('invalid_trigger_id')
  })
})

describe('a response_url', () => {
  const url = async (more = {}) => {
    await clicked(await postCard(slack()), more)
    return receiver().received.at(-1)!.payload.response_url as string
  }
  const say = async (to: string, message: object) => {
    const answer = await fetch(to, { method: 'POST', body: JSON.stringify(message) })
    return [answer.status, ((await answer.json()) as { error?: string }).error]
  }

  test('says it to who clicked alone, five times', async () => {
    const to = await url()
    const once = () => say(to, { response_type: 'ephemeral', replace_original: false, text: 'Not yours' })
    for (let at = 0; at < 5; at++) expect(await once()).toEqual([200, undefined])
    expect(await once()).toEqual([404, 'used_url'])
    const { ephemeral } = slack().state()
    expect(ephemeral.map(({ user, text }) => [user, text])).toEqual(Array(5).fill(['U0ANN', 'Not yours']))
    expect(messages()).toHaveLength(1)
  })

  test('lives thirty minutes', async () => {
    const to = await url()
    time += 30 * 60_000
    expect(await say(to, { text: 'still' })).toEqual([200, undefined])
    time += 1
    expect(await say(to, { text: 'no more' })).toEqual([404, 'expired_url'])
  })

  test('changes or takes away the message where it is told to', async () => {
    const to = await url()
    await say(to, { replace_original: true, text: 'done' })
    expect(messages()).toMatchObject([{ text: 'done', blocks: [], updates: 1 }])
    await say(to, { delete_original: true })
    expect(messages()).toEqual([])
  })

  test('says to all what is for all', async () => {
    await say(await url(), { response_type: 'in_channel', text: 'hear' })
    expect(messages().map(({ text }) => text)).toEqual(['a card', 'hear'])
  })

  test('answers 200 to a message that it does not take, as Slack does', async () => {
    expect(await say(await url(), { blocks: [{ type: 'banner' }] })).toEqual([200, 'invalid_blocks'])
  })
})

describe('a slash command', () => {
  test('is a signed form, and its answer is for who typed it', async () => {
    receiver().answer.body = JSON.stringify({ response_type: 'ephemeral', text: 'Nothing waits' })
    await slack().command({ user: 'U0CHO', channel, text: 'runs' })
    expect(receiver().received[0]!.form).toMatchObject({
      command: '/rectify',
      text: 'runs',
      user_id: 'U0CHO',
      channel_id: channel,
      team_id: 'T0ACME',
      trigger_id: expect.any(String),
      response_url: expect.stringContaining('/commands/T0ACME/'),
    })
    expect(receiver().received[0]!.headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/)
    expect(slack().state().ephemeral).toMatchObject([{ user: 'U0CHO', text: 'Nothing waits' }])
  })
})
