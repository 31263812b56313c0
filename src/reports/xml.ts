/** Attributes of an element, each with a blank before it. */
export function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${escapedXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('')
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no way to write most control characters, nor half of a pair: they are shown as they are in reports. */
export function escapedXml(text: string): string {
  return text
    .replace(
      /[^\t\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    )
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
