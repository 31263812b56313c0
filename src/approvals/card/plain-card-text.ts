import type { RichTextElement } from '@slack/types'
import type { CardBlock } from './blocks.ts'
import { escaped } from './escape.ts'

/** `chat.update` takes 4,000 (https://docs.slack.dev/reference/methods/chat.update). */
const MOST_CHARACTERS = 3_900
/** Lines at the end that stay: by what the run is found. */
const LAST = 1

/**
 * What blocks say, without the buttons, for notifications and screen readers: a message's `text`, in which Slack reads
 * its markup. Where that is too much, the plan is cut first, then what stands last before that by which the run is found.
 */
export function textOfBlocks(blocks: readonly CardBlock[]): string {
  const lines = blocks.flatMap((block) => linesOf(block).map((text) => ({ text, isPlan: isFixed(block) })))
  let size = lines.reduce((sum, { text }) => sum + text.length + 1, 0)
  if (size <= MOST_CHARACTERS) return lines.map(({ text }) => text).join('\n')
  while (size > MOST_CHARACTERS - 2) {
    const plan = lines.findLastIndex(({ isPlan }) => isPlan)
    const [gone] = lines.splice(plan < 0 ? -1 - LAST : plan, 1)
    size -= (gone?.text.length ?? 0) + 1
  }
  return [...lines.slice(0, -LAST), { text: '…' }, ...lines.slice(-LAST)].map(({ text }) => text).join('\n')
}

const isFixed = (block: CardBlock): boolean =>
  block.type === 'rich_text' && block.elements.some(({ type }) => type === 'rich_text_preformatted')

function linesOf(block: CardBlock): string[] {
  switch (block.type) {
    case 'header':
      return [escaped(block.text.text)]
    case 'context':
      return block.elements.map((element) => ('text' in element ? element.text : ''))
    case 'rich_text':
      return block.elements.flatMap((element) =>
        element.type === 'rich_text_list'
          ? element.elements.map((item) => `• ${escaped(wordsOf(item.elements))}`)
          : wordsOf(element.elements as RichTextElement[])
              .split('\n')
              .map(escaped),
      )
    case 'section':
      return [block.text?.text ?? '']
    case 'actions':
    case 'divider':
      return []
  }
}

function wordsOf(elements: readonly RichTextElement[]): string {
  return elements.map((element) => (element.type === 'text' ? element.text : '')).join('')
}
