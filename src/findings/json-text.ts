/** What JSON text holds, or where it stops being JSON. */
export type JsonText = { ok: true; value: unknown } | { ok: false; line: number; message: string }

/** Reads JSON text; a byte order mark in front is no fault. `line` counts from 1. */
export function readJson(text: string): JsonText {
  const json = parsed(text)
  return json.ok ? json : { ...json, line: badLine(text.replace(/^\uFEFF/, '')) }
}

/** The same without the search for the line that is to blame. */
export function parsed(text: string): Extract<JsonText, { ok: true }> | { ok: false; message: string } {
  const value = attempt(text.startsWith('\uFEFF') ? text.slice(1) : text)
  return value instanceof SyntaxError ? { ok: false, message: value.message } : { ok: true, value }
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return error
    throw error
  }
}

/**
 * The first line with which the text so far can no longer become JSON. Found by halving, because the message of V8
 * names the place for some errors only; for a text that merely ends too early it is the last line.
 */
function badLine(text: string): number {
  const lines = text.trimEnd().split('\n')
  let first = 1
  let last = lines.length
  while (first < last) {
    const middle = Math.floor((first + last) / 2)
    if (mayGoOn(lines.slice(0, middle).join('\n').trimEnd())) first = middle + 1
    else last = middle
  }
  return first
}

/** Whether text is the beginning of JSON: it parses, or all that is wrong with it is that it ends. */
function mayGoOn(text: string): boolean {
  const error = attempt(text)
  if (!(error instanceof SyntaxError)) return true
  if (error.message.startsWith('Unterminated string')) return false
  const place = /at position (\d+)/.exec(error.message)?.[1]
  return place === undefined ? error.message.startsWith('Unexpected end') : Number(place) >= text.length
}

/** Some line that is not indented is an object or a list by itself: not a broken document, but lines, some broken. */
export function isJsonLines(lines: string[]): boolean {
  return lines.length > 1 && lines.some((line) => /^\uFEFF?[{[]/.test(line) && parsed(line).ok)
}
