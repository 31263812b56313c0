import type { styleText } from 'node:util'

/** Colour, or none. Reports take one, so that the same text goes to a terminal, a file and a test. */
export interface Paint {
  gone(text: string): string
  come(text: string): string
  warn(text: string): string
  strong(text: string): string
  faint(text: string): string
}

type Style = Parameters<typeof styleText>[0]

// Loaded with the first colour: it takes 2 MB, and a pipe wants none.
const styled = (style: Style) => (text: string) =>
  process.getBuiltinModule('node:util').styleText(style, text, { validateStream: false })
const asIs = (text: string) => text

/** For a terminal. */
export const colours: Paint = {
  gone: styled('red'),
  come: styled('green'),
  warn: styled('yellow'),
  strong: styled('bold'),
  faint: styled('dim'),
}

/** For files, pipes and `NO_COLOR`. */
export const plain: Paint = { gone: asIs, come: asIs, warn: asIs, strong: asIs, faint: asIs }

/**
 * Text from outside (descriptions, tags, names, error messages) made safe to show: control characters and invisible
 * formatting (terminal escapes, bidirectional overrides, line breaks) are written as `\u{1b}`, so that whoever can
 * tag a resource cannot change what the person who approves sees.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
