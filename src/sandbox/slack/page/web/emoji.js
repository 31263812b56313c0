import { h } from './elements.js'

const SQUARE = 'M2 1h12a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1Z'
const BLUE = ['#36a3f0', SQUARE]

/** Drawn here, because many machines have no font for them: the view box is 16 by 16. */
const DRAWN = {
  white_check_mark: ['#2eb67d', SQUARE, 'M4 8.2l2.8 2.9L12 5.2'],
  x: ['none', '', 'M3 3l10 10M13 3L3 13', '#e01e5a'],
  warning: ['#ecb22e', 'M8 1.2 15.4 14.4H.6Z', 'M8 5.6v4.2M8 11.7v.6', '#1d1c1d'],
  no_entry: ['#e01e5a', circle(), 'M4 8h8'],
  rotating_light: ['#e01e5a', 'M3 12V8a5 5 0 0 1 10 0v4h1v3H2v-3Z', 'M6.2 8.5A2 2 0 0 1 8 6.2'],
  hourglass_flowing_sand: ['#c9a063', 'M3 1h10v2.2L9.4 8l3.6 4.8V15H3v-2.2L6.6 8 3 3.2Z', 'M5 3.4h6M6 13h4'],
  red_circle: ['#e01e5a', circle()],
  large_red_circle: ['#e01e5a', circle()],
  large_orange_circle: ['#f08c2e', circle()],
  large_yellow_circle: ['#ecb22e', circle()],
  large_green_circle: ['#2eb67d', circle()],
  large_blue_circle: ['#36a3f0', circle()],
  white_circle: ['#d8d8d8', circle()],
  leftwards_arrow_with_hook: [...BLUE, 'M6 4.5 3 7.5l3 3M3.5 7.5h6a3 3 0 0 1 3 3v1'],
  arrow_right_hook: [...BLUE, 'M10 4.5l3 3-3 3M12.5 7.5h-6a3 3 0 0 0-3 3v1'],
  arrow_forward: [...BLUE, 'M6 4.6 11.4 8 6 11.4Z'],
  arrow_up: [...BLUE, 'M8 12V4.6M4.8 7.6 8 4.4l3.2 3.2'],
  wrench: [
    '#7a8a99',
    'M14.5 4.2 12 6.7 9.3 4l2.5-2.5a4.3 4.3 0 0 0-5.6 5.4L1.6 11.5a2 2 0 0 0 2.9 2.9l4.6-4.6a4.3 4.3 0 0 0 5.4-5.6Z',
  ],
  black_circle: ['#4a4a4a', circle()],
}

function circle() {
  return 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z'
}

const CHARACTERS = {
  ...{
    heavy_check_mark: '✔',
    hourglass: '⌛',
    alarm_clock: '⏰',
    bell: '🔔',
    lock: '🔒',
    unlock: '🔓',
    key: '🔑',
  },
  ...{
    shield: '🛡',
    eyes: '👀',
    mag: '🔍',
    memo: '📝',
    page_facing_up: '📄',
    link: '🔗',
    tada: '🎉',
  },
  ...{ hammer_and_wrench: '🛠', arrow_right: '→', fire: '🔥', zap: '⚡' },
  ...{ arrows_counterclockwise: '🔄', information_source: 'ℹ', question: '❓', exclamation: '❗' },
  ...{ globe_with_meridians: '🌐', bust_in_silhouette: '👤', busts_in_silhouette: '👥', robot_face: '🤖' },
  ...{ raised_hand: '✋', thumbsup: '👍', '+1': '👍', '-1': '👎' },
}
/** The same that are typed as characters. */
const TYPED = {
  '✅': 'white_check_mark',
  '❌': 'x',
  '⚠️': 'warning',
  '⛔': 'no_entry',
  '🚨': 'rotating_light',
  '⏳': 'hourglass_flowing_sand',
  '🔴': 'red_circle',
  '🟠': 'large_orange_circle',
  '🟡': 'large_yellow_circle',
  '🟢': 'large_green_circle',
  '🔵': 'large_blue_circle',
  '⚪': 'white_circle',
  '↩️': 'leftwards_arrow_with_hook',
  '↪️': 'arrow_right_hook',
  '▶️': 'arrow_forward',
  '⬆️': 'arrow_up',
  '🔧': 'wrench',
}
const SIGNS = Object.keys(TYPED).join('|')
const ANY = new RegExp(`:([a-z0-9_+-]+):|(${SIGNS})`, 'g')
/** Nothing can stand in the first group. */
const TYPED_ONLY = new RegExp(`(?!)()|(${SIGNS})`, 'g')

/** A text as nodes with the emoji that are typed as characters: Slack draws those everywhere. */
export const withTypedEmoji = (text) => drawnIn(text, TYPED_ONLY)

/** A text as nodes, its emoji drawn; a name that is none stays as it is. */
export const withEmoji = (text) => drawnIn(text, ANY)

function drawnIn(text, which) {
  const nodes = []
  let from = 0
  for (const { 0: whole, 1: named, 2: typed, index } of text.matchAll(which)) {
    const name = named ?? TYPED[typed]
    const node = DRAWN[name] ? picture(name) : CHARACTERS[name]
    if (node === undefined) continue
    nodes.push(text.slice(from, index), node)
    from = index + whole.length
  }
  return [...nodes, text.slice(from)].filter((node) => node !== '')
}

const SVG = 'http://www.w3.org/2000/svg'

function picture(name) {
  const [fill, shape, line, stroke = '#fff'] = DRAWN[name]
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  const path = (attributes) => {
    const one = document.createElementNS(SVG, 'path')
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value)
    svg.append(one)
  }
  path({ d: shape, fill })
  if (line) path({ d: line, fill: 'none', stroke, 'stroke-width': 2, 'stroke-linecap': 'round' })
  return h('span', { className: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' ') }, svg)
}
