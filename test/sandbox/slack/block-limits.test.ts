import { describe, expect, test } from '@jest/globals'
import { slackClient, withSlack } from '../../support/stand-in-slack.ts'

const slack = withSlack()
const channel = 'C0SECOPS'

type Json = Record<string, unknown>
const x = (length: number) => 'x'.repeat(length)
const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const section = (more: Json = {}) => ({ type: 'section', text: mrkdwn('hello'), ...more })
const many = <T>(length: number, of: (at: number) => T) => Array.from({ length }, (_, at) => of(at))
const actions = (...elements: Json[]) => ({ type: 'actions', elements })
const button = (more: Json = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...more })
const confirm = (more: Json = {}) => ({
  title: plain('Sure?'),
  text: plain('It cannot be undone'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
})
const select = (options: Json[]) => ({ type: 'static_select', action_id: 's', options })
const option = (at: number, more: Json = {}) => ({ text: plain(`${at}`), value: `${at}`, ...more })

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

/** As much as Slack takes, and one more; where it is, and what Slack says. */
const LIMITS: [what: string, most: Json[], more: Json[], where: string, says: string][] = [
  [
    'blocks of a message',
    many(50, () => section()),
    many(51, () => section()),
    '/blocks',
    'no more than 50 items allowed',
  ],
  [
    'text of a section',
    [section({ text: mrkdwn(x(3000)) })],
    [section({ text: mrkdwn(x(3001)) })],
    '/blocks/0/text/text',
    'must be less than 3001 characters',
  ],
  [
    'fields of a section',
    [section({ fields: many(10, () => plain('a')) })],
    [section({ fields: many(11, () => plain('a')) })],
    '/blocks/0/fields',
    'no more than 10 items allowed',
  ],
  [
    'a field',
    [section({ fields: [plain(x(2000))] })],
    [section({ fields: [plain(x(2001))] })],
    '/blocks/0/fields/0/text',
    'must be less than 2001 characters',
  ],
  [
    'a header',
    [{ type: 'header', text: plain(x(150)) }],
    [{ type: 'header', text: plain(x(151)) }],
    '/blocks/0/text/text',
    'must be less than 151 characters',
  ],
  [
    'a line of context',
    [{ type: 'context', elements: many(10, () => mrkdwn('a')) }],
    [{ type: 'context', elements: many(11, () => mrkdwn('a')) }],
    '/blocks/0/elements',
    'no more than 10 items allowed',
  ],
  [
    'a block of actions',
    [actions(...many(25, (at) => button({ action_id: `${at}` })))],
    [actions(...many(26, (at) => button({ action_id: `${at}` })))],
    '/blocks/0/elements',
    'no more than 25 items allowed',
  ],
  [
    'text of a button',
    [actions(button({ text: plain(x(75)) }))],
    [actions(button({ text: plain(x(76)) }))],
    '/blocks/0/elements/0/text/text',
    'must be less than 76 characters',
  ],
  [
    'value of a button',
    [actions(button({ value: x(2000) }))],
    [actions(button({ value: x(2001) }))],
    '/blocks/0/elements/0/value',
    'must be less than 2001 characters',
  ],
  [
    'address of a button',
    [actions(button({ url: x(3000) }))],
    [actions(button({ url: x(3001) }))],
    '/blocks/0/elements/0/url',
    'must be less than 3001 characters',
  ],
  [
    'an action_id',
    [actions(button({ action_id: x(255) }))],
    [actions(button({ action_id: x(256) }))],
    '/blocks/0/elements/0/action_id',
    'must be less than 256 characters',
  ],
  [
    'a block_id',
    [section({ block_id: x(255) })],
    [section({ block_id: x(256) })],
    '/blocks/0/block_id',
    'must be less than 256 characters',
  ],
  [
    'title of a confirmation',
    [actions(button({ confirm: confirm({ title: plain(x(100)) }) }))],
    [actions(button({ confirm: confirm({ title: plain(x(101)) }) }))],
    '/blocks/0/elements/0/confirm/title/text',
    'must be less than 101 characters',
  ],
  [
    'text of a confirmation',
    [actions(button({ confirm: confirm({ text: mrkdwn(x(300)) }) }))],
    [actions(button({ confirm: confirm({ text: mrkdwn(x(301)) }) }))],
    '/blocks/0/elements/0/confirm/text/text',
    'must be less than 301 characters',
  ],
  [
    'button of a confirmation',
    [actions(button({ confirm: confirm({ deny: plain(x(30)) }) }))],
    [actions(button({ confirm: confirm({ deny: plain(x(31)) }) }))],
    '/blocks/0/elements/0/confirm/deny/text',
    'must be less than 31 characters',
  ],
  [
    'options of a menu',
    [actions(select(many(100, option)))],
    [actions(select(many(101, option)))],
    '/blocks/0/elements/0/options',
    'no more than 100 items allowed',
  ],
  [
    'value of an option',
    [actions(select([option(1, { value: x(75) })]))],
    [actions(select([option(1, { value: x(76) })]))],
    '/blocks/0/elements/0/options/0/value',
    'must be less than 76 characters',
  ],
  [
    'rows of a table',
    [{ type: 'table', rows: many(100, () => [{ type: 'raw_text', text: 'a' }]) }],
    [{ type: 'table', rows: many(101, () => [{ type: 'raw_text', text: 'a' }]) }],
    '/blocks/0/rows',
    'no more than 100 items allowed',
  ],
]

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
