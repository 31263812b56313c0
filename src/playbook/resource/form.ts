/**
 * What texts of a kind look like, and whether a pattern could ever match one: a guard rail that matches nothing protects
 * nothing, and its writer should hear of it. Pure.
 */

/** Some characters of a class, one after the other; `most` may be Infinity. */
export interface Run {
  letters: RegExp
  least: number
  most: number
}

/** Fixed text and runs of characters, in order: `['sg-', { letters: /[0-9a-f]/, least: 17, most: 17 }]`. */
export type Form = readonly (string | Run)[]

/** Any text. */
export const ANYTHING: Run = { letters: /[\s\S]/, least: 0, most: Number.POSITIVE_INFINITY }

/** The texts that a pattern matches, as a form: `*` stands for any run of characters. */
export function formOf(pattern: string): Form {
  return pattern.split('*').flatMap((text, index) => (index === 0 ? [text] : [ANYTHING, text]))
}

/** Whether some text of this form matches the pattern, in which `*` stands for any run of characters. */
export function couldMatch(pattern: string, form: Form): boolean {
  let places = beyondStars(pattern, [0])
  for (const part of form) {
    places = typeof part === 'string' ? afterText(pattern, places, part) : afterRun(pattern, places, part)
  }
  return places.has(pattern.length)
}

function afterText(pattern: string, from: Set<number>, text: string): Set<number> {
  return [...text].reduce((places, letter) => after(pattern, places, (wanted) => wanted === letter), from)
}

function afterRun(pattern: string, from: Set<number>, { letters, least, most }: Run): Set<number> {
  const fits = (wanted: string): boolean => letters.test(wanted)
  const reached = new Set(least === 0 ? from : [])
  let places = from
  // Further on nothing new is reached: what is left of the pattern without its stars is used up by then.
  const enough = Math.min(most, least + pattern.length)
  for (let count = 1; count <= enough && places.size > 0; count++) {
    places = after(pattern, places, fits)
    if (count >= least) for (const place of places) reached.add(place)
  }
  return reached
}

/** Where in the pattern one can stand after one more character. */
function after(pattern: string, places: Set<number>, fits: (wanted: string) => boolean): Set<number> {
  const next = [...places].flatMap((place) => {
    const wanted = pattern[place]
    if (wanted === '*') return [place]
    return wanted !== undefined && fits(wanted) ? [place + 1] : []
  })
  return beyondStars(pattern, next)
}

/** A star may stand for nothing. */
function beyondStars(pattern: string, places: readonly number[]): Set<number> {
  const all = new Set(places)
  for (let place of places) while (pattern[place] === '*') all.add(++place)
  return all
}
