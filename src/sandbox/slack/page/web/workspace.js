import { drawModal } from './dialogs.js'
import { focusOn, h, keepingFocus, send, trouble } from './elements.js'
import { avatar, drawMessages } from './messages.js'

const $ = (id) => document.getElementById(id)
const query = new URLSearchParams(location.search)
const [, linkedChannel, seconds, micros] = /\/archives\/(\w+)\/p(\d{10})(\d{6})/.exec(location.pathname) ?? []
const linked = seconds && `${seconds}.${micros}`

/** Who looks, and at what. */
const view = {
  user: query.get('as') ?? 'U0ANN',
  channel: linkedChannel ?? query.get('channel') ?? 'C0SECOPS',
  thread: query.get('thread_ts') ?? undefined,
}
let state

function namesOf({ users, groups, channels }) {
  const by = (all) => new Map(all.map((one) => [one.id, one]))
  const [people, teams, rooms] = [by(users), by(groups), by(channels)]
  const mine = new Set([view.user, '!here', '!channel', '!everyone'])
  for (const { id, users: members } of groups) if (members.includes(view.user)) mine.add(id)
  return {
    user: (id) => people.get(id)?.real_name,
    group: (id) => teams.get(id)?.handle,
    channel: (id) => rooms.get(id)?.name,
    isMe: (id) => mine.has(id),
    person: (id) => ({ id, name: people.get(id)?.real_name ?? id, isBot: people.get(id)?.is_bot ?? false }),
    people: () => users.filter(({ is_bot }) => !is_bot).map(({ id, real_name }) => [id, real_name]),
  }
}

let asking = false
let again = false

/** One question at a time: an older answer must not come after a newer one. */
async function refresh() {
  again = asking
  if (asking) return
  asking = true
  try {
    const answer = await fetch('/page/state')
    state = await answer.json()
    draw()
  } catch (error) {
    $('down').textContent = `The stand-in does not answer (${error})`
  } finally {
    asking = false
  }
  if (again) refresh()
}

function draw() {
  const names = namesOf(state)
  const channel = state.channels.find(({ id }) => id === view.channel) ?? state.channels[0]
  const people = JSON.stringify([
    view.user,
    state.users,
    state.groups,
    state.channels.map(({ id, name }) => [id, name]),
  ])
  const at = { state, names, people, user: view.user, channel: channel.id, linked, openThread }
  const wasAtEnd = $('messages').childElementCount > 0 && atEnd($('messages'))
  keepingFocus(() => {
    drawSides(channel)
    drawChannel(channel, at)
    drawThread(channel, at)
  })
  // A thread beside it makes the lines of the list shorter.
  if (wasAtEnd) $('messages').scrollTop = $('messages').scrollHeight
  drawModal(state.views.filter(({ user }) => user === view.user).at(-1), { user: view.user, names })
}

function drawSides(channel) {
  $('team').textContent = state.name
  document.title = `#${channel.name} · ${state.name} (stand-in Slack)`
  const people = state.users.filter(({ is_bot }) => !is_bot)
  if ($('person').length !== people.length || $('person').dataset.people !== JSON.stringify(people)) {
    $('person').dataset.people = JSON.stringify(people)
    $('person').replaceChildren(
      ...people.map((one) => h('option', { value: one.id }, `${one.real_name}${what(one)}`)),
    )
  }
  $('person').value = view.user
  const isIn = ({ members }) => members.includes(view.user)
  $('channels').replaceChildren(
    ...state.channels.filter(isIn).map((one) =>
      h(
        'li',
        {},
        h(
          'button',
          {
            type: 'button',
            'data-key': one.id,
            'aria-current': one.id === channel.id ? 'page' : undefined,
            onclick: () => show(one.id),
          },
          h('span', { 'aria-hidden': 'true' }, '#'),
          one.name,
        ),
      ),
    ),
  )
  $('people').replaceChildren(
    ...people.map((one) =>
      h(
        'li',
        { className: one.deleted ? 'gone' : '' },
        avatar({ id: one.id, name: one.real_name }, true),
        `${one.real_name}`,
      ),
    ),
  )
}

function what({ deleted, is_restricted, is_stranger, profile }) {
  if (deleted) return ' (deactivated)'
  if (is_stranger) return ' (another workspace)'
  if (is_restricted) return ' (guest)'
  return profile.title ? `, ${profile.title.toLowerCase()}` : ''
}

function drawChannel(channel, at) {
  const { down } = state.faults
  $('channel').textContent = `# ${channel.name}`
  $('topic').textContent = channel.topic
  const trouble = down ? `Slack is down (${down})` : ''
  if ($('down').textContent !== trouble) $('down').textContent = trouble
  $('draft').placeholder = `Message #${channel.name}, or /rectify runs`
  const whispered = mine(({ channel: of, threadTs }) => of === channel.id && threadTs === undefined)
  const all = [...channel.messages, ...whispered].sort((a, b) => (a.ts < b.ts ? -1 : 1))
  fill($('messages'), drawMessages(all, at))
}

const atEnd = ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 60

/** Keeps to the end of the list whoever is there; leaves alone what is as it was. */
function fill(list, children) {
  const first = list.childElementCount === 0
  const toEnd = first || atEnd(list)
  const before = list.scrollTop
  const same =
    list.childElementCount === children.length && children.every((one, at) => list.children[at] === one)
  if (!same) list.replaceChildren(...children)
  const target = first && linked ? list.querySelector('.linked') : undefined
  if (target) target.scrollIntoView({ block: 'center' })
  else list.scrollTop = toEnd ? list.scrollHeight : before
}

const mine = (which) =>
  state.ephemeral
    .filter((one) => one.user === view.user && which(one))
    .map((one) => ({ ...one, user: state.app.bot, ephemeral: true }))

function drawThread(channel, at) {
  const parent = channel.messages.find(({ ts }) => ts === view.thread)
  $('thread').hidden = !parent
  if (!parent) return
  const replies = [...parent.replies, ...mine(({ threadTs }) => threadTs === parent.ts)].sort((a, b) =>
    a.ts < b.ts ? -1 : 1,
  )
  const list = $('thread').querySelector('ol') ?? h('ol', { 'aria-label': 'Thread' })
  const close = {
    type: 'button',
    className: 'close',
    'data-key': 'thread/close',
    'aria-label': 'Close thread',
    onclick: closeThread,
  }
  if (!list.isConnected)
    $('thread').replaceChildren(
      h(
        'div',
        { className: 'channel-head' },
        h('h2', {}, 'Thread'),
        h('p', {}, `# ${channel.name}`),
        h('button', close, '✕'),
      ),
      list,
    )
  fill(list, drawMessages([parent, ...replies], { ...at, inThread: true }))
}

function openThread(ts) {
  view.thread = ts
  draw()
  focusOn('thread/close')
}

function closeThread() {
  const ts = view.thread
  view.thread = undefined
  $('thread').replaceChildren()
  draw()
  focusOn(`m${ts}/thread`)
}

function show(channel) {
  Object.assign(view, { channel, thread: undefined })
  $('thread').replaceChildren()
  $('messages').replaceChildren()
  draw()
}

$('person').addEventListener('change', () => {
  view.user = $('person').value
  const room = state.channels.find(({ id }) => id === view.channel)
  if (!room.members.includes(view.user))
    view.channel = (state.channels.find(({ members }) => members.includes(view.user)) ?? room).id
  const next = new URLSearchParams({ as: view.user, channel: view.channel })
  history.replaceState(null, '', `/page?${next}`)
  $('said').textContent = `You are ${$('person').selectedOptions[0].textContent}`
  draw()
})

$('composer').addEventListener('submit', async (event) => {
  event.preventDefault()
  const text = $('draft').value.trim()
  if (text === '') return
  $('draft').value = ''
  const { user, channel } = view
  const [, command, rest = ''] = /^(\/\w+)\s*(.*)$/.exec(text) ?? []
  const outcome = await (command
    ? send('command', { user, channel, command, text: rest })
    : send('say', { user, channel, text }))
  if (command) $('said').textContent = trouble(outcome) ?? ''
  $('said').classList.toggle('hidden', $('said').textContent === '')
})

document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && view.thread !== undefined && !document.querySelector('dialog[open]')) closeThread()
})
window.addEventListener('changed', refresh)
new EventSource('/page/events').addEventListener('message', refresh)
