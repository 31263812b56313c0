import { h } from './elements.js'
import { withTypedEmoji } from './emoji.js'
import { chosen, field } from './inputs.js'
import { link, mention, mrkdwn, textOf } from './mrkdwn.js'

/**
 * Blocks as Slack draws them.
 * @param at `names`, `key` (of the message or modal) and `press(block, element, value)`, which a person does
 */
export function drawBlocks(blocks, at) {
  return blocks.map((block) => h('div', { className: `block ${block.type}` }, ...drawn(block, at)))
}

function drawn(block, at) {
  const { names } = at
  switch (block.type) {
    case 'header':
      return [h('h3', {}, ...textOf(block.text, names))]
    case 'divider':
      return [h('hr')]
    case 'section':
      return section(block, at)
    case 'context':
      return block.elements.map((element) =>
        element.type === 'image' ? image(element) : h('span', {}, ...textOf(element, names)),
      )
    case 'actions':
      return block.elements.map((element) => interactive(block, element, at))
    case 'image':
      return [
        h(
          'figure',
          {},
          block.title ? h('figcaption', {}, ...textOf(block.title, names)) : undefined,
          image(block),
        ),
      ]
    case 'input':
      return [field(block, at)]
    case 'markdown':
      return markdown(block.text, names)
    case 'rich_text':
      return richText(block.elements, names)
    case 'table':
      return [table(block, names)]
    default:
      return [h('p', {}, `A block of type ${block.type}`)]
  }
}

function section({ text, fields = [], accessory, block_id }, at) {
  const { names } = at
  const said = h(
    'div',
    { className: 'said' },
    text ? h('div', { className: 'text' }, ...textOf(text, names)) : undefined,
    fields.length > 0
      ? h('div', { className: 'fields' }, ...fields.map((one) => h('div', {}, ...textOf(one, names))))
      : undefined,
  )
  if (!accessory) return [said]
  const beside = accessory.type === 'image' ? image(accessory) : interactive({ block_id }, accessory, at)
  return [said, h('div', { className: 'accessory' }, beside)]
}

/** What can be clicked: a button, or something to choose that is sent at once. */
function interactive(block, element, at) {
  const key = `${at.key}/${block.block_id}/${element.action_id}`
  if (element.type !== 'button')
    return chosen(element, { ...at, key, onchange: (value) => at.press(block, element, value) })
  const { text, style = 'plain', url } = element
  const label = element.accessibility_label
  if (url)
    return h(
      'a',
      { className: `button ${style}`, href: url, target: '_blank', rel: 'noreferrer' },
      ...textOf(text, at.names),
    )
  return h(
    'button',
    {
      type: 'button',
      className: `button ${style}`,
      'data-key': key,
      'data-action': element.action_id,
      'aria-label': label,
      'aria-haspopup': element.confirm ? 'dialog' : undefined,
      onclick: () => at.press(block, element),
    },
    ...textOf(text, at.names),
  )
}

/** Nothing is fetched from anywhere: what a picture shows is told. */
function image({ alt_text }) {
  return h('span', { className: 'picture', role: 'img', 'aria-label': alt_text }, alt_text)
}

/** Of Markdown what cards use: headings, lists, bold, code. */
function markdown(text, names) {
  return text.split(/(```[\s\S]+?```)/).flatMap((part) => {
    if (part.startsWith('```')) return [h('pre', {}, part.replace(/^```\w*\n?|\n?```$/g, ''))]
    const slack = part
      .replaceAll(/^#{1,6} (.+)$/gm, '*$1*')
      .replaceAll(/\*\*(.+?)\*\*/g, '*$1*')
      .replaceAll(/^[-*] /gm, '• ')
      .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<$2|$1>')
    return mrkdwn(slack, names)
  })
}

function richText(elements, names) {
  return elements.map((element) => {
    const inner = () => element.elements.map((one) => inlineOf(one, names))
    switch (element.type) {
      case 'rich_text_preformatted':
        return h('pre', {}, ...inner())
      case 'rich_text_quote':
        return h('blockquote', {}, ...inner())
      case 'rich_text_list': {
        const items = element.elements.map((item) => h('li', {}, ...richText([item], names)))
        return h(element.style === 'ordered' ? 'ol' : 'ul', {}, ...items)
      }
      default:
        return h('p', {}, ...inner())
    }
  })
}

function inlineOf({ type, text, style = {}, ...its }, names) {
  const plain = {
    text: () => (style.code ? text : h('span', {}, ...withTypedEmoji(text))),
    link: () => link(its.url, text ?? its.url),
    emoji: () => mrkdwn(`:${its.name}:`, names)[0],
    user: () => mention(its.user_id, `@${names.user(its.user_id) ?? its.user_id}`, names),
    usergroup: () =>
      mention(its.usergroup_id, `@${names.group(its.usergroup_id) ?? its.usergroup_id}`, names),
    channel: () => mention(its.channel_id, `#${names.channel(its.channel_id) ?? its.channel_id}`, names),
  }[type]()
  const marks = { bold: 'b', italic: 'i', strike: 's', code: 'code' }
  return Object.entries(marks).reduce((node, [mark, name]) => (style[mark] ? h(name, {}, node) : node), plain)
}

function table({ rows }, names) {
  const cell = (name) => (one) =>
    h(name, {}, ...(one.type === 'raw_text' ? [one.text] : richText(one.elements, names)))
  const [head, ...body] = rows
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...head.map(cell('th')))),
    h('tbody', {}, ...body.map((row) => h('tr', {}, ...row.map(cell('td'))))),
  )
}
