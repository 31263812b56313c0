/**
 * The answer with only those items of a list that are wanted. Items may hold lists of their own, so the tags are
 * counted; `keep` gets the XML of each item.
 */
export function filterItems(xml: string, list: string, keep: (item: string) => boolean): string {
  const start = xml.indexOf(`<${list}>`)
  const end = xml.lastIndexOf(`</${list}>`)
  if (start < 0 || end < 0) return xml
  const from = start + list.length + 2
  const kept = itemsOf(xml.slice(from, end)).filter(keep)
  return xml.slice(0, from) + kept.join('') + xml.slice(end)
}

/** The outermost `<item>` elements. */
export function itemsOf(xml: string): string[] {
  const items: string[] = []
  let depth = 0
  let opened = 0
  for (const { 0: tag, index } of xml.matchAll(/<\/?item>/g)) {
    if (tag === '<item>' && depth++ === 0) opened = index
    if (tag === '</item>' && --depth === 0) items.push(xml.slice(opened, index + tag.length))
  }
  return items
}
