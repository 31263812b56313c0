import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'

/**
 * The 1-based line of the key or list item at a path of a YAML document. Where the path leaves the document (a
 * missing key), the line of what should hold it.
 */
export function lineAt(document: Document, counter: LineCounter, path: readonly PropertyKey[]): number {
  let node = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const part of path) {
    const step = stepInto(isAlias(node) ? (node.resolve(document) ?? null) : node, part)
    if (!step) break
    offset = step.offset ?? offset
    node = step.node
  }
  return counter.linePos(offset).line
}

function stepInto(
  node: Node | null,
  part: PropertyKey,
): { node: Node | null; offset: number | undefined } | undefined {
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
    return pair && { node: pair.value, offset: pair.key.range?.[0] }
  }
  if (isSeq<Node>(node)) {
    const item = node.items[Number(part)]
    return item && { node: item, offset: item.range?.[0] }
  }
  return undefined
}

/** `rules[0].when.playbook`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
