import pLimit from 'p-limit'

/** As many processes as two processors carry while most of them wait. */
const AT_ONCE = 6

/** Does the same with each of some things, several at a time; results in their order. */
export function sideBySide<T, R>(things: readonly T[], work: (thing: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(AT_ONCE)
  return Promise.all(things.map((thing) => limit(() => work(thing))))
}
