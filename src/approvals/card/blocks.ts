import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  PlainTextElement,
  RichTextBlock,
  RichTextElement,
  RichTextSection,
  SectionBlock,
} from '@slack/types'
import { visible } from '../../reports/paint.ts'
import { cutAt } from './escape.ts'

/**
 * Blocks of Slack, of which foreign text goes into two kinds only: `rich_text`, whose text Slack never parses, and
 * `plain_text`. What is written in Slack's markup (`markup`, `small`) are our own words.
 */

/** The blocks that cards are made of. */
export type CardBlock =
  | ActionsBlock
  | ContextBlock
  | DividerBlock
  | HeaderBlock
  | RichTextBlock
  | SectionBlock

/** Slack's limits (https://docs.slack.dev/reference/block-kit), in characters; those of rich text are ours. */
const MOST = { header: 150, small: 900, lines: 1_200, button: 75 }

export function plainText(text: string, most: number): PlainTextElement {
  return { type: 'plain_text', text: cutAt(text, most), emoji: false }
}

export const headerBlock = (text: string): HeaderBlock => ({
  type: 'header',
  text: plainText(text, MOST.header),
})

/** A piece of a paragraph: as it is, or as code, or bold. */
export interface Piece {
  text: string
  as?: 'code' | 'bold'
}

/** A paragraph; whatever stands in it is shown as it is. */
export function prose(...pieces: (Piece | string)[]): RichTextBlock {
  return { type: 'rich_text', elements: [richSection(pieces)] }
}

/** A paragraph and points below it. */
export function points(pieces: (Piece | string)[], items: readonly string[]): RichTextBlock {
  const { type, elements } = prose(...pieces)
  const list = { type: 'rich_text_list' as const, style: 'bullet' as const }
  const sections = items.filter((item) => item !== '').map((item) => richSection([item]))
  return { type, elements: [...elements, ...(sections.length > 0 ? [{ ...list, elements: sections }] : [])] }
}

function richSection(pieces: (Piece | string)[]): RichTextSection {
  const elements = pieces
    .map((piece) => (typeof piece === 'string' ? { text: piece } : piece))
    .filter(({ text }) => text !== '')
    .map(({ text, as }): RichTextElement => {
      return { type: 'text', text: printable(text), ...(as && { style: { [as]: true } }) }
    })
  return { type: 'rich_text_section', elements }
}

/** Lines in a fixed font, as they are. */
export function fixed(lines: readonly string[]): RichTextBlock {
  const text = lines.map(visible).join('\n')
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  }
}

/** Lines in Slack's markup, as large as any text: what stands in them from outside must have been escaped. */
export const markup = (lines: readonly string[], most = MOST.lines): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: wholeLines(lines.map(cutList), most).join('\n'), verbatim: true },
})

export const divider: DividerBlock = { type: 'divider' }

/** A line in small type, in Slack's markup: what stands in it from outside must have been escaped. */
export const small = (line: string): ContextBlock => context(cutList(line))

/** Such lines in one block, as many as it may hold; none for none. */
export function smallLines(lines: readonly string[], most = MOST.lines): ContextBlock[] {
  const kept = wholeLines(lines, most)
  return kept.length === 0 ? [] : [context(kept.join('\n'))]
}

/** Whole lines as far as they have room, for a mention that is cut is none; the last then says how many are missing. */
export function wholeLines(lines: readonly string[], most: number): string[] {
  const kept: string[] = []
  let room = most - 30
  for (const line of lines) {
    room -= line.length + 1
    if (room >= 0) kept.push(line)
  }
  const left = lines.length - kept.length
  return left === 0 ? kept : [...kept, `… ${left} more under Details`]
}

const context = (text: string): ContextBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text, verbatim: true }],
})

export const actions = (id: string, elements: Button[]): ActionsBlock => ({
  type: 'actions',
  block_id: id,
  elements,
})

export interface ButtonOptions {
  style?: 'primary' | 'danger'
  confirm?: ConfirmationDialog
}

export function button(action_id: string, text: string, value: string, options: ButtonOptions = {}): Button {
  return { type: 'button', action_id, text: plainText(text, MOST.button), value, ...options }
}

/** The question that Slack asks before it sends a click on. */
export function dialog(words: {
  title: string
  text: string
  yes: string
  style: 'primary' | 'danger'
}): ConfirmationDialog {
  return {
    title: plainText(words.title, 100),
    text: plainText(words.text, 300),
    confirm: plainText(words.yes, 30),
    deny: plainText('Cancel', 30),
    style: words.style,
  }
}

/** Line breaks of our own stay, everything else that cannot be seen is written out. */
const printable = (text: string): string => text.split('\n').map(visible).join('\n')

/** A list of mentions and codes is cut between two of them. */
function cutList(line: string): string {
  if (line.length <= MOST.small) return line
  const words = line.split(/, (?=[<`])/)
  const kept = words.length
  while (words.length > 1 && words.join(', ').length > MOST.small - 20) words.pop()
  return `${words.join(', ')} and ${kept - words.length} more`
}
