import { visible } from '../../reports/paint.ts'

/** Breaks a word for Slack's parser where a person sees nothing. */
const JOINER = '\u2060'

/**
 * Text from outside for a place where Slack reads its markup (https://docs.slack.dev/messaging/formatting-message-text):
 * no mention, no link (Slack makes links of bare addresses and domains, too), no emoji and no format can come of it.
 * What would be one is shown by a sign that looks alike. Blocks do not need it: text of `rich_text` is never parsed.
 */
export function escaped(text: string): string {
  return entities(
    visible(text)
      .replaceAll('*', '∗')
      .replaceAll('~', '∼')
      .replaceAll('`', 'ˋ')
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
      .replace(/([@#])(?=[^\s\p{P}])/gu, `$1${JOINER}`)
      .replaceAll('://', `:/${JOINER}/`)
      .replace(/\.(?=[\p{L}\p{N}-]*\p{L})/gu, `.${JOINER}`)
      // Also where the text ends behind the word: in a sentence the next sign may be a colon.
      .replace(/:(?=[\w+'-]+(?::|$))/g, `:${JOINER}`)
      .replace(/(mailto|tel):/gi, `$1:${JOINER}`)
      .replace(/^(\s*)>/, `$1${JOINER}>`),
  )
}

/** Text from outside as code: nothing in it is parsed, and it can be copied as it is. */
export function code(text: string): string {
  return text === '' ? '' : `\`${entities(visible(text).replaceAll('`', 'ˋ'))}\``
}

/** The three signs that Slack's markup is made of. */
export function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * At most so many characters, as they are counted where Slack's own signs are written as entities; what cannot be seen is
 * written out first.
 */
export function cutAt(text: string, most: number): string {
  const shown = visible(text)
  if (costOf(shown) <= most) return shown
  return `${beginning([...shown], most - 1)}…`
}

/** As `cutAt`, with the middle left out: ends of ids tell more apart than their middles. */
export function shortened(text: string, most: number): string {
  const shown = visible(text)
  if (costOf(shown) <= most) return shown
  const head = Math.ceil((most - 1) / 2)
  const end = beginning([...shown].reverse(), most - 1 - head)
  return `${beginning([...shown], head)}…${[...end].reverse().join('')}`
}

/** Characters of a text as Slack stores it. */
export const costOf = (text: string): number => entities(text).length

function beginning(characters: readonly string[], most: number): string {
  let room = most
  const end = characters.findIndex((character) => {
    room -= costOf(character)
    return room < 0
  })
  return characters.slice(0, end < 0 ? undefined : end).join('')
}
