import { inRanges, parseAddress } from '../../src/playbook/network/addresses.ts'

/** What of the wanted entries has to be done, in the face of what is in the set. */
export interface Wanted {
  add: string[]
  /** In the set already, to the letter. */
  held: string[]
  /** Inside a wider range of the set: there is nothing to add. `why` is a sentence. */
  covered: { entry: string; why: string }[]
}

/** Sorts single addresses by what a set holds of them; all in WAF's form. Pure. */
export function wantedEntries(wanted: readonly string[], entries: readonly string[]): Wanted {
  const live = new Set(entries)
  const ranges = wideRanges(entries)
  const sorted: Wanted = { add: [], held: [], covered: [] }
  for (const entry of wanted) {
    const range = live.has(entry) ? undefined : inRanges(addressIn(entry), ranges)
    if (live.has(entry)) sorted.held.push(entry)
    else if (range === undefined) sorted.add.push(entry)
    else
      sorted.covered.push({ entry, why: `${parseAddress(addressIn(entry))?.address} is ${insideOf(range)}` })
  }
  return sorted
}

/** Why an address is blocked although its own entry is not in the set; undefined: it is not. Pure. */
export function coveredBy(entry: string, entries: readonly string[]): string | undefined {
  const range = inRanges(addressIn(entry), wideRanges(entries))
  return range && insideOf(range)
}

/** Entries of more than one address. We add single addresses only: a range is never ours. */
function wideRanges(entries: readonly string[]): string[] {
  return entries.filter((entry) => !entry.endsWith(entry.includes(':') ? '/128' : '/32'))
}

const addressIn = (entry: string) => entry.slice(0, entry.indexOf('/'))

const insideOf = (range: string) => `inside ${range}, which is somebody else's`
