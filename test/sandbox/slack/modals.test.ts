import { describe, expect, test } from '@jest/globals'
import type { View } from '@slack/web-api'
import { postCard, refusal, slackClient, withReceiver, withSlack } from '../../support/stand-in-slack.ts'

const slack = withSlack()
const client = () => slackClient(slack())
const channel = 'C0SECOPS'
const receiver = withReceiver(slack)

describe('a modal', () => {
  const option = (value: string) => ({ text: { type: 'plain_text', text: `${value} days` }, value }) as const
  const view: View = {
    type: 'modal',
    callback_id: 'exempt',
    private_metadata: 'RUN:abc',
    title: { type: 'plain_text', text: 'Exempt' },
    submit: { type: 'plain_text', text: 'Exempt' },
    blocks: [
      {
        type: 'input',
        block_id: 'why',
        label: { type: 'plain_text', text: 'Reason' },
        element: { type: 'plain_text_input', action_id: 'reason', max_length: 10 },
      },
      {
        type: 'input',
        block_id: 'until',
        label: { type: 'plain_text', text: 'For' },
        element: {
          type: 'static_select',
          action_id: 'days',
          options: [option('1'), option('7')],
          initial_option: option('1'),
        },
      },
    ],
  }
  const openOne = async () => {
    const ts = await postCard(slack())
    await slack().click({ user: 'U0ANN', channel, ts, action_id: 'approve' })
    const { trigger_id } = receiver().received.at(-1)!.payload
    return (await client().views.open({ trigger_id, view })).view!.id!
  }
  const values = { why: { reason: 'a test' }, until: { days: '7' } }
  const views = () => slack().state().views

  test('sends what was filled in, in the form of each element, and closes', async () => {
    const view_id = await openOne()
    expect(await slack().submit({ user: 'U0ANN', view_id, values })).toMatchObject({ status: 200 })
    const { payload } = receiver().received.at(-1)!
    expect(payload).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0ANN' },
      team: { id: 'T0ACME' },
      view: { id: view_id, callback_id: 'exempt', private_metadata: 'RUN:abc' },
    })
    expect(payload.view.state.values).toEqual({
      why: { reason: { type: 'plain_text_input', value: 'a test' } },
      until: { days: { type: 'static_select', selected_option: option('7') } },
    })
    expect(views()).toEqual([])
  })

  test('is not sent while something is missing, too long or not on the menu', async () => {
    const view_id = await openOne()
    const before = receiver().received.length
    const send = (given: object) =>
      slack().submit({ user: 'U0ANN', view_id, values: { ...values, ...given } })
    expect(await send({ why: {} })).toMatchObject({ error: 'required_field_missing' })
    expect(views()).toMatchObject([{ errors: { why: 'Please complete this required field.' } }])
    expect(await send({ why: { reason: 'x'.repeat(11) } })).toMatchObject({ error: 'required_field_missing' })
    expect(await send({ until: { days: '90' } })).toMatchObject({ error: 'invalid_values' })
    expect(await send({ more: { a: 'b' } })).toMatchObject({ error: 'invalid_values' })
    expect(await slack().submit({ user: 'U0BEN', view_id, values })).toMatchObject({ error: 'not_found' })
    expect(receiver().received).toHaveLength(before)
  })

  test('stays open with what the app says is wrong', async () => {
    const view_id = await openOne()
    receiver().answer.body = JSON.stringify({ response_action: 'errors', errors: { why: 'Say more' } })
    await slack().submit({ user: 'U0ANN', view_id, values })
    expect(views()).toMatchObject([{ id: view_id, errors: { why: 'Say more' } }])
  })

  test('becomes another, and all close, where the app says so', async () => {
    const view_id = await openOne()
    const next = { ...view, title: { type: 'plain_text', text: 'Thanks' } }
    receiver().answer.body = JSON.stringify({ response_action: 'update', view: next })
    await slack().submit({ user: 'U0ANN', view_id, values })
    expect(views()).toMatchObject([{ id: view_id, title: { text: 'Thanks' } }])
    receiver().answer.body = JSON.stringify({ response_action: 'clear' })
    await slack().submit({ user: 'U0ANN', view_id, values })
    expect(views()).toEqual([])
  })

  test('can be changed while it is open, by who has seen it last', async () => {
    const view_id = await openOne()
    const { hash } = views()[0] as unknown as { hash: string }
    const next: View = { ...view, title: { type: 'plain_text', text: 'Later' } }
    await client().views.update({ view_id, view: next, hash })
    expect(views()).toMatchObject([{ title: { text: 'Later' } }])
    expect(await refusal(client().views.update({ view_id, view: next, hash }))).toBe('hash_conflict')
    await slack().close({ user: 'U0ANN', view_id })
    expect(await refusal(client().views.update({ view_id, view: next }))).toBe('not_found')
  })
})
