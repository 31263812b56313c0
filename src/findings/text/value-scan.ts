const QUOTE = 0x22
const BACKSLASH = 0x5c
/** `{` and `}`, which are `[` and `]` with the bit 0x20 on. */
const OPENING = 0x7b
const CLOSING = 0x7d

/**
 * Finds where a JSON object, list or text ends by its brackets and quotes, in text that comes piece by piece. Whether
 * what is between them is JSON is for the parser to say.
 */
export class ValueScan {
  private at = 0
  private depth: number
  private inText = false
  private escaped = false

  /** @param depth brackets that are open already */
  constructor(depth = 0) {
    this.depth = depth
  }

  /** Index behind the end of the value; undefined where the text so far does not reach it. Goes on where it stopped. */
  endIn(text: string): number | undefined {
    let { at, depth, inText, escaped } = this
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (inText) {
        if (escaped) escaped = false
        else if (code === BACKSLASH) escaped = true
        else if (code === QUOTE) {
          inText = false
          if (depth === 0) return at + 1
        }
      } else if (code === QUOTE) inText = true
      else if ((code | 0x20) === OPENING) depth++
      else if ((code | 0x20) === CLOSING && --depth <= 0) return at + 1
    }
    Object.assign(this, { at, depth, inText, escaped })
    return undefined
  }

  /** What was looked at so far is kept no more: the next text is what follows. */
  restart(): void {
    this.at = 0
  }
}
