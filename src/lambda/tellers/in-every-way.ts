/** Every way is tried, all at once: one that fails is told in the end, and keeps nobody from hearing it by the others. */
export async function inEveryWay(ways: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(ways)).find((way) => way.status === 'rejected')
  if (failed) throw failed.reason
}
