import { h } from './elements.js'
import { withEmoji, withTypedEmoji } from './emoji.js'

/** Stands for what is drawn already; never in a text that is shown. */
const HELD = /[\uE000-\uF8FF]/g
const FORMATS = { '*': 'b', _: 'i', '~': 's' }
const FORMATTED =
  /(^|[\s([{"'.,:;!?/|\uE000-\uF8FF—–-])([*_~])(?=\S)([^\n]*?\S)\2(?=$|[\s)\]}"'.,:;!?/|\uE000-\uF8FF—–-])/

/** Slack's escapes are these three and no others. */
const unescaped = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** A text object as Slack draws it. `names` knows people, groups and channels by id. */
export function textOf({ type, text, emoji }, names) {
  if (type === 'mrkdwn') return mrkdwn(text, names)
  return emoji === false ? withTypedEmoji(text) : withEmoji(text)
}

/** `https://docs.slack.dev/messaging/formatting-message-text`, as nodes: nothing of it is ever read as HTML. */
export function mrkdwn(text, names) {
  return text
    .replaceAll(HELD, '')
    .split(/```\n?([\s\S]+?)\n?```/g)
    .flatMap((part, at) => (at % 2 ? [h('pre', {}, unescaped(part))] : quotesAndLines(part, names)))
}

function quotesAndLines(text, names) {
  const quoted = /^(?:&gt;|>) ?/
  const groups = []
  for (const line of text.split('\n')) {
    const isQuote = quoted.test(line)
    const last = groups.at(-1)
    if (last?.isQuote === isQuote) last.lines.push(line.replace(quoted, ''))
    else groups.push({ isQuote, lines: [isQuote ? line.replace(quoted, '') : line] })
  }
  return groups.flatMap(({ isQuote, lines }, at) => {
    if (isQuote) return [h('blockquote', {}, ...inline(lines.join('\n'), names))]
    const joined = lines.join('\n')
    // A quote and a block of code stand on lines of their own already.
    return inline(at > 0 ? joined.replace(/^\n/, '') : joined, names)
  })
}

function inline(text, names) {
  const held = []
  const hold = (node) => String.fromCharCode(0xe000 + held.push(node) - 1)
  const bare = text
    .replaceAll(/`([^`\n]+)`/g, (_, code) => hold(h('code', {}, unescaped(code))))
    .replaceAll(/<([^<>\n]+)>/g, (_, inner) => hold(reference(inner, names)))
  return formatted(bare, held)
}

function formatted(text, held) {
  const found = FORMATTED.exec(text)
  if (!found) return released(text, held)
  const [whole, before, mark, inner] = found
  return [
    ...released(text.slice(0, found.index) + before, held),
    h(FORMATS[mark], {}, ...formatted(inner, held)),
    ...formatted(text.slice(found.index + whole.length), held),
  ]
}

function released(text, held) {
  return text
    .split(/([\uE000-\uF8FF])/)
    .filter((part) => part !== '')
    .flatMap((part) =>
      /^[\uE000-\uF8FF]$/.test(part) ? held[part.charCodeAt(0) - 0xe000] : withEmoji(unescaped(part)),
    )
}

/** What stands in angle brackets: a person, a group, a channel, everybody, a time or a link. */
function reference(inner, names) {
  const [target, label] = [inner.split('|')[0], inner.split('|').slice(1).join('|')]
  if (target.startsWith('@'))
    return mention(target.slice(1), `@${names.user(target.slice(1)) ?? target.slice(1)}`, names)
  if (target.startsWith('#'))
    return mention(target.slice(1), `#${names.channel(target.slice(1)) ?? target.slice(1)}`, names)
  if (target.startsWith('!subteam^')) {
    const id = target.slice('!subteam^'.length)
    return mention(id, `@${names.group(id) ?? id}`, names)
  }
  if (target.startsWith('!date^')) return h('time', {}, dateText(target.split('^'), label))
  if (target.startsWith('!')) return mention(target, `@${target.slice(1)}`, names)
  return link(unescaped(target), label === '' ? unescaped(target) : withEmoji(unescaped(label)))
}

export function mention(id, text, names) {
  return h('span', { className: names.isMe(id) ? 'mention me' : 'mention', title: id }, text)
}

/** Only what a browser may safely follow is a link. */
export function link(target, label) {
  if (!/^(https?:|mailto:)/i.test(target)) return label
  return h('a', { href: target, target: '_blank', rel: 'noreferrer noopener' }, ...[label].flat())
}

function dateText([, seconds, format = '{date} {time}'], fallback) {
  const at = new Date(Number(seconds) * 1000)
  if (Number.isNaN(at.getTime())) return unescaped(fallback)
  const date = (options) => at.toLocaleDateString([], options)
  const words = {
    date_num: at.toISOString().slice(0, 10),
    date: date({ month: 'long', day: 'numeric', year: 'numeric' }),
    date_short: date({ month: 'short', day: 'numeric', year: 'numeric' }),
    date_long: date({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
    time: at.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' }),
    time_secs: at.toLocaleTimeString(),
  }
  const near = nearDay(at)
  return unescaped(format).replaceAll(/\{(\w+?)(_pretty)?\}/g, (whole, name, pretty) =>
    pretty && near ? near : (words[name] ?? whole),
  )
}

/** `today`, as Slack writes it where it is asked for a date that is pretty. */
function nearDay(at) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0)
  const days = Math.round((midnight(at) - midnight(Date.now())) / 86_400_000)
  return { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days]
}
