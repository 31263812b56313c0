/**
 * The same, which finds out only once for each text, as long as there are no more than so many: of many findings a few
 * names come again and again.
 * @param most texts that are remembered; of others it is found out each time
 */
export function remembered<V>(find: (text: string) => V, most: number): (text: string) => V {
  const known = new Map<string, V>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined || known.has(text)) return before as V
    const found = find(text)
    if (known.size < most) known.set(text, found)
    return found
  }
}
