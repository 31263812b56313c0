/** What a terminal without a size is taken to have (a pseudo-terminal of a build server): as most programs take it. */
const USUAL_COLUMNS = 80

/**
 * Asks a question at the terminal with a signal that ends it when nobody can answer any more: Ctrl-D, or the other end
 * of the terminal has gone. The prompt itself would wait for ever.
 */
export async function whileAnswerable<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { stdin, stderr } = process
  if (stderr.columns === 0) stderr.columns = USUAL_COLUMNS
  const nobody = new AbortController()
  const end = () => nobody.abort()
  const onKey = (_text: unknown, key?: { ctrl?: boolean; name?: string }) => {
    if (key?.ctrl && key.name === 'd') end()
  }
  stdin.on('end', end).on('close', end).on('keypress', onKey)
  try {
    return await question(nobody.signal)
  } finally {
    stdin.off('end', end).off('close', end).off('keypress', onKey)
  }
}
