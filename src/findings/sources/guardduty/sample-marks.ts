import { missing } from '../../bad-event.ts'
import { at, mayBeSet, text } from '../../fields.ts'
import { type Fields, isFields } from '../../json-object.ts'

/**
 * Whether a finding is one of CreateSampleFindings. Events carry a flag, API answers hide it in JSON text, newer titles
 * say it, and old samples show it by nothing but their invented resources (user guide, "Sample findings").
 * @throws BadEvent `missingField` when an event lost the block that the flag is in: it may have been there
 */
export function isSample(body: Fields): boolean {
  const info = at(body, 'service.additionalInfo')
  // GetFindings has shown the block since 2022 only; events always had it.
  const isApi = Object.hasOwn(body, 'Service')
  const marked =
    mayBeSet(at(info, 'sample')) ||
    /"sample"\s*:\s*"?true/.test(text(info, 'value') ?? '') ||
    /^\[?SAMPLE\b/.test(text(body, 'title') ?? '') ||
    invented(at(body, 'resource'), 0) >= ENOUGH
  if (!marked && !isFields(info) && !(isApi && info === undefined)) {
    throw missing(
      'service.additionalInfo',
      'service.additionalInfo is missing: it says whether this is a sample',
    )
  }
  return marked
}

/** A resource is a few levels deep; tags are anybody's to write, and must not talk a finding away. */
const DEEPEST = 6
/** A sample invents every name, an intruder may choose one: that of a user he made. Ids are AWS's own. */
const ENOUGH = 2

const TAGS = /^tags$/i

/** What of a sample's a text is: an id or a name. RDS has names in small letters only. */
export function inventedName(text: string): 'id' | 'name' | undefined {
  if (text === 'i-99999999') return 'id'
  return /^GeneratedFinding/i.test(text) ? 'name' : undefined
}

/** How many invented names there are in a resource. */
function invented(value: unknown, depth: number): number {
  if (typeof value === 'string') {
    const said = inventedName(value)
    return said === 'id' ? ENOUGH : said === 'name' ? 1 : 0
  }
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return 0
  let sum = 0
  for (const name of Object.keys(value))
    if (!TAGS.test(name)) sum += invented((value as Fields)[name], depth + 1)
  return sum
}
