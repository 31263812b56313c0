import { describe, expect, test } from '@jest/globals'
import { corpusEvent, corpusFiles, type Reading, readWith } from './aws-detectors.ts'

const OURS =
  /^(config-(eb|msg|rule|sns)|guardduty-(?!sns-ann)|eb-terraform|inspector|ecr-eb|trustedadvisor|accessanalyzer|macie|health|sched|ssm-eb|tag-eb|kms-eb|ec2-eb|asg-eb|cloudtrail-(eb|raw)|signin)/
const files = corpusFiles(OURS, false)

type Holder = Record<string, unknown>

/** Every field of a document, with the dotted path to it. */
function fieldsOf(value: unknown, path = ''): { holder: Holder; name: string; path: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((name) => {
    const here = path === '' ? name : `${path}.${name}`
    return [{ holder: value as Holder, name, path: here }, ...fieldsOf((value as Holder)[name], here)]
  })
}

const OTHERS = [null, 'x', 42, {}]
const kind = (value: unknown) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value)

/** A document without a field, and with it replaced by values of each other type; it is put right afterwards. */
function* mutated(document: unknown): Generator<string> {
  for (const { holder, name, path } of fieldsOf(document)) {
    const kept = holder[name]
    const entries = Object.entries(holder)
    if (!Array.isArray(holder)) {
      delete holder[name]
      yield `without ${path}`
      for (const [key] of entries) delete holder[key]
      Object.assign(holder, Object.fromEntries(entries))
    }
    for (const other of OTHERS.filter((each) => kind(each) !== kind(kept))) {
      holder[name] = other
      yield `${path} = ${JSON.stringify(other)}`
    }
    holder[name] = kept
  }
}

/** Keys and items the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)] as const)
      .reverse(),
  )
}

const places = ({ findings }: Reading) => findings.map(({ account, region }) => `${account} ${region}`)
const active = ({ findings }: Reading) => findings.filter(({ status }) => status === 'active').length

/** What a reading of the changed document has that one of the sample must not lead to. */
function wrong(sample: Reading, changed: Reading): string[] {
  const known = new Set(places(sample))
  return [
    ...places(changed).filter((each) => known.size > 0 && !known.has(each)),
    ...(active(changed) > active(sample) && sample.findings.length > 0 ? ['active'] : []),
  ]
}

/**
 * What only its presence says, and nothing else in these samples: without it the document is one that AWS sends for
 * the opposite, letter for letter.
 */
const SAID_BY_PRESENCE: [file: RegExp, change: RegExp][] = [
  [
    /portprobe$|sentinel-integration-c2-dns$|AdministrativePermissions-2$/,
    /^without .*additionalInfo\.sample$/,
  ],
  [/AuthorizeSecurityGroupIngress-3$|PutBucketAcl-2$/, /^without errorCode$/],
]

if (files.size > 0) {
  describe('an event of AWS with one field taken out or of another type', () => {
    test.each([...files])('%s', (name, path) => {
      const document = corpusEvent(path)
      const sample = readWith(document)
      const excused = SAID_BY_PRESENCE.filter(([file]) => file.test(name))
      const found: string[] = []
      for (const change of mutated(document)) {
        if (excused.some(([, pattern]) => pattern.test(change))) continue
        const faults = wrong(sample, readWith(document))
        if (faults.length > 0) found.push(`${change}: ${faults.join(', ')}`)
      }
      expect(found).toEqual([])
    })
  })

  test('an event whose fields are in another order is the same event', () => {
    for (const [name, path] of files) {
      const document = corpusEvent(path)
      const [sample, changed] = [readWith(document), readWith(reversed(document))]
      expect({ name, wrong: wrong(sample, changed) }).toEqual({ name, wrong: [] })
      expect({ name, types: changed.findings.map(({ type }) => type).sort() }).toEqual({
        name,
        types: sample.findings.map(({ type }) => type).sort(),
      })
    }
  })
} else {
  test('there is no corpus of real events here', () => expect(files.size).toBe(0))
}
