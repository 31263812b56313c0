import type { CardBlock } from '../../src/approvals/card/blocks.ts'

/** What Slack makes of text in its markup: mentions, links, dates and formats, told as it would read them. */
export function markupIn(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const prose = line.replace(/`[^`]*`/g, '')
    return [
      ...(prose.match(/<[^>]*>?/g) ?? []),
      ...(prose.replace(/<[^>]*>/g, '').match(/>|`/g) ?? []),
      ...(line.match(/^\s*&gt;/) ?? []),
      ...(line.match(/<[^>]*`[^>]*>/g) ?? []),
      ...formatsIn(prose.replace(/<[^>]*>/g, ' ')),
    ]
  })
}

function formatsIn(prose: string): string[] {
  return [
    /\*[^*]+\*/g,
    /(?<![\p{L}\p{N}])_[^_]+_(?![\p{L}\p{N}])/gu,
    /~[^~]+~/g,
    /\w+:\/\/\S+|mailto:[^\s\u2060]+/gi,
    /(?<![\p{L}\p{N}])[\p{L}\p{N}-]+\.\p{L}{2,}/gu,
    /[@#]\w+/g,
    /:[\w+'-]+:/g,
  ].flatMap((pattern) => prose.match(pattern) ?? [])
}

/** Every text of blocks in which Slack reads its markup. */
export function markupTexts(blocks: readonly CardBlock[]): string[] {
  return blocks.flatMap((block) =>
    block.type === 'context'
      ? block.elements.flatMap((element) => (element.type === 'mrkdwn' ? [element.text] : []))
      : block.type === 'section' && block.text?.type === 'mrkdwn'
        ? [block.text.text]
        : [],
  )
}

/** Every button, with the block that it stands in. */
export function buttonsIn(blocks: readonly CardBlock[]) {
  return blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) =>
          element.type === 'button' ? [{ ...element, block: block.block_id }] : [],
        )
      : [],
  )
}

/** All that a person reads, buttons aside. */
export function wordsIn(blocks: readonly CardBlock[]): string {
  return blocks
    .flatMap((block) => {
      if (block.type === 'header') return [block.text.text]
      if (block.type === 'context')
        return block.elements.map((element) => ('text' in element ? element.text : ''))
      if (block.type === 'section') return [block.text?.text ?? '']
      if (block.type !== 'rich_text') return []
      return block.elements.flatMap((element) =>
        element.type === 'rich_text_list'
          ? element.elements.map((item) => `• ${textIn(item.elements)}`)
          : textIn(element.elements),
      )
    })
    .join('\n')
}

const textIn = (pieces: readonly object[]): string =>
  pieces.map((one) => ('text' in one ? String(one.text) : '')).join('')
