/** Node.js 20, on which the npm package runs as well, has no `Map.groupBy`. */
function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

if (!Object.hasOwn(Map, 'groupBy'))
  Object.defineProperty(Map, 'groupBy', { value: groupBy, configurable: true, writable: true })
