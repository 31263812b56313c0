/** More steps of single patterns than this are no longer worth it: who asks has to do without. */
const MOST_STEPS = 300_000

/** Where a pattern that may still match stands after a text: the places in it at which it may go on. */
interface Standing {
  /** Which pattern. */
  index: number
  places: readonly number[]
}
type State = readonly Standing[]

/**
 * For each way in which patterns (`*` for any run of characters) can match or not match one and the same text, a shortest
 * text that does: by trying these a question about patterns is answered for all texts. Pure.
 * @returns undefined where that takes too many steps
 */
export function textReadings(patterns: readonly string[]): string[] | undefined {
  const forms = [...new Set(patterns)].map((pattern) => [...pattern])
  const letters = lettersOf(forms)
  const start = forms.map((form, index): Standing => ({ index, places: resting(form, [0]) }))
  const seen = new Set([keyOf(start)])
  const found = new Map([[matchedIn(forms, start), '']])
  let edge: { state: State; text: string }[] = [{ state: start, text: '' }]
  for (let steps = 0; edge.length > 0; ) {
    const next: typeof edge = []
    for (const { state, text } of edge) {
      steps += state.length * letters.length
      if (steps > MOST_STEPS) return undefined
      for (const letter of letters) {
        const after = state.flatMap((standing) => stepped(forms, standing, letter))
        const key = keyOf(after)
        if (seen.has(key)) continue
        seen.add(key)
        const matched = matchedIn(forms, after)
        if (!found.has(matched)) found.set(matched, text + letter)
        next.push({ state: after, text: text + letter })
      }
    }
    edge = next
  }
  return [...found.values()]
}

/** Every character that a pattern names, and one that none does. */
function lettersOf(forms: readonly string[][]): string[] {
  const named = new Set(forms.flat().filter((letter) => letter !== '*'))
  const other = [...'x0zq-_'].find((letter) => !named.has(letter)) ?? '\u{2423}'
  return [other, ...named]
}

function stepped(forms: readonly string[][], { index, places }: Standing, letter: string): Standing[] {
  const form = forms[index] ?? []
  const after: number[] = []
  for (const place of places) {
    if (form[place] === '*') after.push(place)
    else if (form[place] === letter) after.push(place + 1)
  }
  return after.length === 0 ? [] : [{ index, places: resting(form, after) }]
}

/** A `*` may also be over at once. */
function resting(form: readonly string[], places: readonly number[]): number[] {
  const all = new Set<number>()
  for (const first of places) {
    let place = first
    all.add(place)
    while (form[place] === '*') all.add(++place)
  }
  return [...all].sort((a, b) => a - b)
}

const keyOf = (state: State): string => state.map(({ index, places }) => `${index}:${places}`).join('|')

/** Which of the patterns match what led here. */
const matchedIn = (forms: readonly string[][], state: State): string =>
  state
    .filter(({ index, places }) => places.includes(forms[index]?.length ?? 0))
    .map(({ index }) => index)
    .join()
