import { describe, expect, test } from '@jest/globals'
import { slackClient, withSlack } from '../../support/stand-in-slack.ts'
import { LIMITS } from './block-limits.table.ts'
import { actions, button, confirm, type Json, many, mrkdwn, plain, section, x } from './small-blocks.ts'

const slack = withSlack()
const channel = 'C0SECOPS'

async function posted(blocks: unknown[]): Promise<string[]> {
  const call = slackClient(slack()).apiCall('chat.postMessage', { channel, text: 'hello', blocks })
  const error = await call.then(
    () => undefined,
    (thrown) => thrown,
  )
  if (error === undefined) return ['taken']
  expect(
    slack()
      .state()
      .channels.flatMap(({ messages }) => messages),
  ).toEqual([])
  return [error.data.error, ...(error.data.response_metadata.messages ?? [])]
}

test.each(LIMITS)('%s: as much as Slack takes, and not one more', async (_, most, more, where, says) => {
  expect(await posted(more)).toEqual(['invalid_blocks', `[ERROR] ${says} [json-pointer:${where}]`])
  expect(await posted(most)).toEqual(['taken'])
})

describe('a message', () => {
  const REFUSED: [what: string, block: Json, says: string][] = [
    ['a block that there is not', { type: 'banner' }, 'unsupported type [json-pointer:/blocks/0/type]'],
    [
      'an element that is none of actions',
      actions({ type: 'image', alt_text: 'a', image_url: 'https://a' }),
      'unsupported type [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'a field that there is not',
      section({ colour: 'red' }),
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    [
      'a confirmation with a type',
      actions(button({ confirm: confirm({ type: 'confirm' }) })),
      'invalid additional property: type [json-pointer:/blocks/0/elements/0/confirm]',
    ],
    [
      'a section without text and fields',
      { type: 'section' },
      'must define either `text` or `fields` [json-pointer:/blocks/0]',
    ],
    [
      'an empty text',
      section({ text: mrkdwn('') }),
      'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'mrkdwn on a button',
      actions(button({ text: mrkdwn('Go') })),
      'must be a valid enum value [json-pointer:/blocks/0/elements/0/text/type]',
    ],
    [
      'a header without text',
      { type: 'header' },
      'missing required field: text [json-pointer:/blocks/0/text]',
    ],
    [
      'one action twice in a block',
      actions(button(), button()),
      '`action_id` a already exists in this block [json-pointer:/blocks/0]',
    ],
  ]
  test.each(REFUSED)('with %s is refused, and told why', async (_, block, says) => {
    expect(await posted([block])).toEqual(['invalid_blocks', `[ERROR] ${says}`])
  })

  test('with one block_id twice is refused, with one action in two blocks taken', async () => {
    const twice = [section({ block_id: 'a' }), section({ block_id: 'a' })]
    expect(await posted(twice)).toEqual([
      'invalid_blocks',
      '[ERROR] block_id a already exists [json-pointer:/blocks/1/block_id]',
    ])
    expect(await posted([actions(button()), actions(button())])).toEqual(['taken'])
  })

  test('of more than 12,000 characters of text is msg_blocks_too_long, whatever its blocks', async () => {
    const texts = (last: number) =>
      [...many(4, () => 2_900), last].map((n) => section({ text: mrkdwn(x(n)) }))
    expect(await posted(texts(401))).toEqual(['msg_blocks_too_long'])
    expect(await posted(texts(400))).toEqual(['taken'])
  })

  test('with little text and much beside it is msg_blocks_too_long, too', async () => {
    const values = (count: number) => [
      actions(...many(count, (at) => button({ action_id: `${at}`, value: x(2000) }))),
    ]
    expect(await posted(values(7))).toEqual(['msg_blocks_too_long'])
    expect(await posted(values(6))).toEqual(['taken'])
  })

  test('whose blocks are no list of JSON is invalid_blocks_format', async () => {
    const call = slackClient(slack()).apiCall('chat.postMessage', { channel, text: 'a', blocks: '[{' })
    await expect(call).rejects.toMatchObject({ data: { error: 'invalid_blocks_format' } })
  })

  test('gets the ids that it does not name', async () => {
    await posted([section(), actions(button({ action_id: undefined }))])
    const [message] = slack()
      .state()
      .channels.find(({ id }) => id === channel)!.messages
    expect(message!.blocks).toEqual([
      expect.objectContaining({ block_id: expect.any(String) }),
      expect.objectContaining({ elements: [expect.objectContaining({ action_id: expect.any(String) })] }),
    ])
  })

  test.each([
    ['metadata without a payload', { event_type: 'a' }, 'invalid_metadata_schema'],
    [
      'metadata of more than 8,000 bytes',
      { event_type: 'a', event_payload: { a: x(8_000) } },
      'metadata_too_large',
    ],
  ])('with %s is refused', async (_, metadata, error) => {
    const call = slackClient(slack()).apiCall('chat.postMessage', { channel, text: 'a', metadata })
    await expect(call).rejects.toMatchObject({ data: { error } })
  })
})

describe('a modal', () => {
  const modal = (more: Json = {}) => ({
    type: 'modal',
    title: plain('Plan'),
    blocks: [section()],
    ...more,
  })
  const input = {
    type: 'input',
    label: plain('Why'),
    element: { type: 'plain_text_input', action_id: 'reason' },
  }

  async function opened(view: Json): Promise<string[]> {
    const triggers: string[] = []
    slack().receiver = async ({ body }) => {
      triggers.push(new URLSearchParams(body).get('trigger_id')!)
      return { status: 200, body: '' }
    }
    await slack().command({ user: 'U0ANN', channel, text: '' })
    const call = slackClient(slack()).apiCall('views.open', { trigger_id: triggers[0], view })
    const error = await call.then(
      () => undefined,
      (thrown) => thrown,
    )
    return error ? [error.data.error, ...error.data.response_metadata.messages] : ['taken']
  }

  test.each([
    ['title', modal({ title: plain(x(24)) }), modal({ title: plain(x(25)) }), '/view/title/text'],
    ['submit', modal({ submit: plain(x(24)) }), modal({ submit: plain(x(25)) }), '/view/submit/text'],
    [
      'metadata',
      modal({ private_metadata: x(3000) }),
      modal({ private_metadata: x(3001) }),
      '/view/private_metadata',
    ],
    ['callback_id', modal({ callback_id: x(255) }), modal({ callback_id: x(256) }), '/view/callback_id'],
    [
      'blocks',
      modal({ blocks: many(100, () => section()) }),
      modal({ blocks: many(101, () => section()) }),
      '/view/blocks',
    ],
  ])('has a limit of its %s', async (_, most, more, where) => {
    const [error, says] = await opened(more)
    expect([error, says]).toEqual(['invalid_arguments', expect.stringContaining(`[json-pointer:${where}]`)])
    expect(await opened(most)).toEqual(['taken'])
  })

  test('with something to fill in has a button to submit it', async () => {
    const [error, says] = await opened(modal({ blocks: [input] }))
    expect(error).toBe('invalid_arguments')
    expect(says).toContain('`submit` is required')
    expect(await opened(modal({ blocks: [input], submit: plain('Send') }))).toEqual(['taken'])
  })
})
