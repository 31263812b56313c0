/**
 * What Slack refuses of messages and modals (https://docs.slack.dev/reference/block-kit), as far as this product uses
 * them, in words: nothing where it would take them.
 */

interface Json {
  [key: string]: unknown
}

/** Characters of text in a message. Slack says no limit; it has refused 11,341 (`msg_blocks_too_long`). */
const MOST_TEXT = 9_000

export function problemsOfMessage({ text, blocks }: { text: string; blocks: readonly unknown[] }): string[] {
  const size = textSize(blocks)
  return [
    ...length('text', text, 1, 4_000),
    ...(size > MOST_TEXT ? [`${size} characters of text in a message`] : []),
    ...problemsOfBlocks(blocks as Json[], 50),
    ...(blocks as Json[]).flatMap(({ type }) => (type === 'input' ? ['an input in a message'] : [])),
  ]
}

export function problemsOfView(view: object): string[] {
  const { type, title, submit, close, blocks, private_metadata, callback_id } = view as Json
  const known = ['type', 'title', 'submit', 'close', 'blocks', 'private_metadata', 'callback_id']
  const needsSubmit = (blocks as Json[]).some((block) => block.type === 'input')
  return [
    ...(type === 'modal' ? [] : [`view of type ${type}`]),
    ...unknownKeys('view', view as Json, known),
    ...plain('title', title, 24),
    ...(submit === undefined ? [] : plain('submit', submit, 24)),
    ...(close === undefined ? [] : plain('close', close, 24)),
    ...(needsSubmit && submit === undefined ? ['inputs without submit'] : []),
    ...length('private_metadata', private_metadata, 0, 3_000),
    ...length('callback_id', callback_id, 1, 255),
    ...problemsOfBlocks(blocks as Json[], 100),
  ]
}

function problemsOfBlocks(blocks: Json[], most: number): string[] {
  const ids = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [String(block_id)]))
  return [
    ...(blocks.length < 1 || blocks.length > most ? [`${blocks.length} blocks`] : []),
    ...(new Set(ids).size < ids.length ? ['two blocks of one id'] : []),
    ...ids.flatMap((id) => length('block_id', id, 1, 255)),
    ...blocks.flatMap(problemsOfBlock),
  ]
}

function problemsOfBlock(block: Json): string[] {
  switch (block.type) {
    case 'header':
      return [
        ...unknownKeys('header', block, ['type', 'text', 'block_id']),
        ...plain('header', block.text, 150),
      ]
    case 'context':
      return [
        ...count('context', block.elements, 1, 10),
        ...(block.elements as Json[]).flatMap((element) => text('context', element, 3_000)),
      ]
    case 'section':
      return [
        ...unknownKeys('section', block, ['type', 'text', 'block_id']),
        ...text('section', block.text as Json, 3_000),
      ]
    case 'divider':
      return unknownKeys('divider', block, ['type'])
    case 'actions':
      return problemsOfActions(block)
    case 'rich_text':
      return [
        ...count('rich_text', block.elements, 1, 100),
        ...(block.elements as Json[]).flatMap(problemsOfRichText),
      ]
    case 'input':
      return problemsOfInput(block)
    default:
      return [`block of type ${block.type}`]
  }
}

function problemsOfActions(block: Json): string[] {
  const elements = block.elements as Json[]
  const ids = elements.map(({ action_id }) => action_id)
  return [
    ...count('actions', elements, 1, 25),
    ...(new Set(ids).size < ids.length ? ['two actions of one id in a block'] : []),
    ...elements.flatMap((element) => [
      ...unknownKeys('button', element, ['type', 'text', 'action_id', 'value', 'style', 'confirm', 'url']),
      ...(element.type === 'button' ? [] : [`action of type ${element.type}`]),
      ...plain('button', element.text, 75),
      ...length('action_id', element.action_id, 1, 255),
      ...length('value', element.value, 1, 2_000),
      ...style(element.style),
      ...(element.confirm === undefined ? [] : problemsOfDialog(element.confirm as Json)),
    ]),
  ]
}

function problemsOfDialog({ title, text: question, confirm, deny, style: how }: Json): string[] {
  return [
    ...plain('dialog title', title, 100),
    ...text('dialog text', question as Json, 300),
    ...plain('dialog confirm', confirm, 30),
    ...plain('dialog deny', deny, 30),
    ...style(how),
  ]
}

function problemsOfRichText(element: Json): string[] {
  const known = ['rich_text_section', 'rich_text_preformatted']
  const pieces = element.elements as Json[]
  if (element.type === 'rich_text_list')
    return [
      ...unknownKeys('list', element, ['type', 'style', 'elements']),
      ...count('list', pieces, 1, 100),
      ...pieces.flatMap((item) => [
        ...(item.type === 'rich_text_section' ? problemsOfRichText(item) : [`${item.type} in a list`]),
      ]),
    ]
  return [
    ...(known.includes(String(element.type)) ? [] : [`rich text of type ${element.type}`]),
    ...count(String(element.type), pieces, 1, 1_000),
    ...pieces.flatMap((piece) => [
      ...(piece.type === 'text' ? [] : [`${piece.type} in rich text`]),
      ...length('rich text', piece.text, 1, 3_000),
      ...(element.type === 'rich_text_preformatted' && piece.style !== undefined
        ? ['style in preformatted']
        : []),
    ]),
  ]
}

function problemsOfInput({ label, element, block_id }: Json): string[] {
  const { type, action_id, max_length, min_length, options, initial_option } = element as Json
  const select = options as Json[] | undefined
  return [
    ...plain('label', label, 2_000),
    ...length('block_id', block_id, 1, 255),
    ...length('action_id', action_id, 1, 255),
    ...(type === 'plain_text_input' || type === 'static_select' ? [] : [`input of type ${type}`]),
    ...(Number(max_length ?? 1) > 3_000 || Number(min_length ?? 0) > 3_000 ? ['length of an input'] : []),
    ...(type === 'static_select' ? count('options', select, 1, 100) : []),
    ...(select ?? []).flatMap((option) => [
      ...plain('option', option.text, 75),
      ...length('option value', option.value, 1, 150),
    ]),
    ...(initial_option !== undefined && !select?.includes(initial_option as Json) ? ['initial option'] : []),
  ]
}

function plain(what: string, value: unknown, most: number): string[] {
  const is = (value as Json | undefined)?.type === 'plain_text'
  return is ? text(what, value as Json, most) : [`${what} is no plain text`]
}

function text(what: string, element: Json, most: number): string[] {
  const known = ['type', 'text', ...(element.type === 'mrkdwn' ? ['verbatim'] : ['emoji'])]
  return [...unknownKeys(what, element, known), ...length(what, element.text, 1, most)]
}

/** Slack counts what it stores: the three signs of its markup as entities. */
function length(what: string, value: unknown, least: number, most: number): string[] {
  if (typeof value !== 'string') return [`${what} is no text`]
  const stored = value
    .replace(/&(?!amp;|lt;|gt;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
  const size = what === 'context' || what === 'text' ? value.length : stored.length
  const broken = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value)
  return [
    ...(size < least || size > most ? [`${what} has ${size} characters, not ${least} to ${most}`] : []),
    ...(broken ? [`${what} has half a character`] : []),
  ]
}

function count(what: string, list: unknown, least: number, most: number): string[] {
  const size = Array.isArray(list) ? list.length : -1
  return size < least || size > most ? [`${what} has ${size} elements`] : []
}

const style = (value: unknown): string[] =>
  value === undefined || value === 'primary' || value === 'danger' ? [] : [`style ${value}`]

function unknownKeys(what: string, value: Json, known: string[]): string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${what}: ${key}`)
}

/** Characters of everything that is called `text`, however deep. */
function textSize(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + textSize(one), 0)
  if (value === null || typeof value !== 'object') return 0
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum + (key === 'text' && typeof inner === 'string' ? inner.length : textSize(inner)),
    0,
  )
}
