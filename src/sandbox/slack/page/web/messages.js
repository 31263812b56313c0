import { drawBlocks } from './blocks.js'
import { sure } from './dialogs.js'
import { clock, day, h, send, trouble } from './elements.js'
import { mrkdwn } from './mrkdwn.js'

/** What has come of a click, by the message that it was on. */
const notes = new Map()
/** Clicks that are under way, by key. */
const pressing = new Set()

/** Messages of a channel or a thread with the days between them, and what only this person sees. */
export function drawMessages(messages, at) {
  let last
  return messages.flatMap((message) => {
    const today = day(message.ts)
    const between = today === last ? [] : [dayLine(today, at.inThread)]
    last = today
    return [...between, drawnOnce(message, at)]
  })
}

/** What is drawn already stays as it is, with the focus that is in it: by key, what it was drawn from. */
const drawn = new Map()

function drawnOnce(message, at) {
  const { inThread, people, linked } = at
  const is = JSON.stringify([message, notes.get(message.ts), people, linked])
  return once(`${inThread ? 't' : 'm'}${message.ts}`, is, () => drawMessage(message, at))
}

const dayLine = (text, inThread) =>
  once(`${inThread ? 't' : 'm'} ${text}`, text, () =>
    h('li', { className: 'day', role: 'separator' }, h('span', {}, text)),
  )

function once(key, is, draw) {
  const before = drawn.get(key)
  if (before?.is === is) return before.element
  const element = draw()
  drawn.set(key, { is, element })
  return element
}

/**
 * @param at `state`, `names`, `people` (all that `names` knows), `user` (who looks), `channel`, `openThread(ts)`,
 * `inThread`, `linked` (a ts)
 */
function drawMessage(message, at) {
  const { names, inThread, linked } = at
  const { ts, user = at.state.app.bot, replies = [], edited, ephemeral } = message
  const key = `${inThread ? 't' : 'm'}${ts}`
  const author = names.person(user)
  const note = notes.get(ts)
  return h(
    'li',
    {
      className: `message${ephemeral ? ' ephemeral' : ''}${linked === ts ? ' linked' : ''}`,
      'data-key': key,
      'data-ts': ts,
      tabIndex: -1,
      'aria-label': `${author.name}, ${clock(ts)}`,
    },
    ephemeral ? h('p', { className: 'only-you' }, 'Only visible to you') : undefined,
    avatar(author),
    h(
      'div',
      { className: 'content' },
      h(
        'p',
        { className: 'author' },
        h('strong', {}, author.name),
        author.isBot ? h('span', { className: 'app' }, 'APP') : undefined,
        h('time', {}, clock(ts)),
        edited ? h('span', { className: 'edited' }, '(edited)') : undefined,
      ),
      ...body(message, key, at),
      ...(message.files ?? []).map(file),
      note ? h('p', { className: 'note', role: 'alert' }, note) : undefined,
      !inThread && replies.length > 0 ? threadButton(replies, ts, at) : undefined,
    ),
  )
}

/** With blocks the text is for notifications and screen readers only. */
function body({ text, blocks, ts }, key, at) {
  const { names } = at
  if (blocks.length === 0) return text === '' ? [] : [h('div', { className: 'text' }, ...mrkdwn(text, names))]
  return drawBlocks(blocks, {
    names,
    key,
    press: (block, element, value) => press(ts, key, block, element, value, at),
  })
}

async function press(ts, key, block, element, value, { user, channel, names }) {
  const its = `${key}/${block.block_id}/${element.action_id}`
  if (pressing.has(its)) return
  if (element.confirm && !(await sure(element.confirm, names))) return
  pressing.add(its)
  const outcome = await send('click', {
    user,
    channel,
    ts,
    block_id: block.block_id,
    action_id: element.action_id,
    ...(value !== undefined && { value }),
  })
  pressing.delete(its)
  notes.set(ts, trouble(outcome))
  window.dispatchEvent(new Event('changed'))
}

function threadButton(replies, ts, { names, openThread }) {
  const authors = [...new Set(replies.map(({ user }) => user))]
    .slice(0, 3)
    .map((id) => avatar(names.person(id), true))
  const count = `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`
  return h(
    'button',
    { type: 'button', className: 'replies', 'data-key': `m${ts}/thread`, onclick: () => openThread(ts) },
    ...authors,
    h('b', {}, count),
    h('span', {}, ` Last reply at ${clock(replies.at(-1).ts)}`),
  )
}

const COLOURS = ['#2bac76', '#e8912d', '#1264a3', '#cd2553', '#6b4fbb', '#3f7f8c']

export function avatar({ id, name, isBot }, small = false) {
  const letters = name
    .split(' ')
    .map((word) => word[0])
    .join('')
    .slice(0, 2)
  const colour = COLOURS[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLOURS.length]
  const face = h(
    'span',
    { className: `avatar${isBot ? ' bot' : ''}${small ? ' small' : ''}`, 'aria-hidden': 'true' },
    isBot ? '✓' : letters,
  )
  if (!isBot) face.style.background = colour
  return face
}

function file({ id, title, size, content }) {
  const lines = content.split('\n')
  const shown = lines.slice(0, 8).join('\n')
  return h(
    'div',
    { className: 'file' },
    h('p', {}, h('a', { href: `/page/files/${id}`, download: '' }, title), h('span', {}, ` ${size} bytes`)),
    h('pre', {}, lines.length > 8 ? `${shown}\n…` : shown),
  )
}
