import type { RichTextElement } from '@slack/types'
import type { CardBlock } from './blocks.ts'
import { cutAt, escaped } from './escape.ts'

/** More than a notification shows and a screen reader should have to read. Slack cuts at 40,000. */
const MOST_CHARACTERS = 3_800

/**
 * What blocks say, without the buttons, for notifications and screen readers: a message's `text`, in which Slack reads
 * its markup.
 */
export function textOfBlocks(blocks: readonly CardBlock[]): string {
  const lines = blocks.flatMap(linesOf).filter((line) => line !== '')
  while (lines.length > 1 && lengthOf(lines) > MOST_CHARACTERS) lines.splice(-2, 1)
  return cutAt(lines.join('\n'), MOST_CHARACTERS)
}

const lengthOf = (lines: string[]) => lines.join('\n').length

function linesOf(block: CardBlock): string[] {
  switch (block.type) {
    case 'header':
      return [escaped(block.text.text)]
    case 'context':
      return block.elements.map((element) => ('text' in element ? element.text : ''))
    case 'rich_text':
      return block.elements.flatMap((element) =>
        wordsOf(element.elements as RichTextElement[])
          .split('\n')
          .map(escaped),
      )
    case 'actions':
      return []
  }
}

function wordsOf(elements: readonly RichTextElement[]): string {
  return elements.map((element) => (element.type === 'text' ? element.text : '')).join('')
}
