import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { unwrap } from '../../../src/findings/envelopes.ts'
import { type Document, Documents } from '../../../src/findings/text/json-documents.ts'

const values = (documents: Document[]) =>
  documents.map((each) => ('value' in each ? each.value : each.refused.code))
const pointers = (documents: Document[]) => documents.map(({ pointer }) => pointer)

/** Text in pieces of so many characters. */
function inPieces(text: string, size: number, most?: number): Document[] {
  const documents = new Documents(most)
  const found: Document[] = []
  for (let at = 0; at < text.length; at += size) found.push(...documents.push(text.slice(at, at + size)))
  return [...found, ...documents.end()]
}

const record = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })

describe('the values of a text', () => {
  test('are those that were put one behind the other, whatever is blank between them and however they are laid out', () => {
    const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
    const laidOut = fc.tuple(record, fc.constantFrom(0, 2), blank)
    fc.assert(
      fc.property(fc.array(laidOut, { minLength: 1 }), (several) => {
        const text = several
          .map(([value, indent, after]) => JSON.stringify(value, null, indent) + after)
          .join('')
        expect(values(Documents.in(text))).toEqual(
          several.map(([value]) => JSON.parse(JSON.stringify(value))),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('are the same in whatever pieces it comes', () => {
    const part = fc.oneof(
      record.map((value) => JSON.stringify(value)),
      record.map((value) => JSON.stringify([value], null, 1)),
      fc.constantFrom(
        '\n',
        ' ',
        '{"broken":',
        '"',
        '\\',
        ']',
        '}',
        '{',
        '[',
        'prose',
        '42',
        '\r\n',
        '{"a":1}\n',
      ),
    )
    fc.assert(
      fc.property(fc.array(part), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join('')
        expect(inPieces(text, size)).toEqual(Documents.in(text))
      }),
      { numRuns: 300 },
    )
  })

  test('have the number of their line, and none when there is one value only', () => {
    expect(pointers(Documents.in('{"a":1}\n\n{\n"b":2\n}\n[3] [4]\n'))).toEqual(['/0', '/2', '/5', '/5/1'])
    expect(pointers(Documents.in('\n{"a":1}\n'))).toEqual([''])
  })

  test('of which one is broken cost no other line', () => {
    const found = Documents.in('{"a":1}\n{"b":\n{"c":3}\n{"d":4}}\n{"e":5}{"f":6}\n')
    expect(values(found)).toEqual([{ a: 1 }, 'notJson', { c: 3 }, 'notJson', { e: 5 }, { f: 6 }])
  })

  test('are not taken out of a document with a bracket too many', () => {
    expect(values(Documents.in('{"a":{"b":1}}}'))).toEqual(['notJson'])
    expect(values(Documents.in('{"a":1}, "b":2}'))).toEqual(['notJson'])
  })

  test('are refused once for all lines of prose around them', () => {
    expect(values(Documents.in('one\ntwo\nthree\n{"a":1}\nfour\nfive'))).toEqual([
      'notJson',
      { a: 1 },
      'notJson',
    ])
  })
})

describe('a list that is too long to be held', () => {
  const list = (count: number) => Array.from({ length: count }, (_, n) => ({ n, text: '}],"' }))

  test.each([0, 2])('gives its items, laid out with %d blanks', (indent) => {
    const found = inPieces(JSON.stringify(list(50), null, indent), 7, 200)
    expect(values(found)).toEqual(list(50))
    expect(pointers(found).slice(0, 2)).toEqual(['/0', '/1'])
  })

  test('gives them before it ends', () => {
    const documents = new Documents(200)
    expect(documents.push(JSON.stringify(list(50)).slice(0, -1)).length).toBeGreaterThan(40)
  })

  test.each(['Findings', 'Records'])('is found in the answer of AWS that lists %s', (name) => {
    const found = inPieces(`${JSON.stringify({ [name]: list(50), NextToken: '[{' })}\n{"a":1}`, 11, 200)
    expect(values(found)).toEqual([...list(50), { a: 1 }])
    expect(pointers(found).slice(0, 1)).toEqual([`/${name}/0`])
  })

  const SNAPSHOT = { fileVersion: '1.0', 'a"]': 'b\\"}', n: -1.5e3, yes: true, none: null }

  test.each<[string, object, 'taken apart' | 'refused']>([
    ['a version and ids', SNAPSHOT, 'taken apart'],
    ['an object', { ResponseMetadata: { RequestId: 'r' } }, 'refused'],
    ['a list', { tags: [] }, 'refused'],
    ['more text than a list has before it', { about: 'x'.repeat(200) }, 'refused'],
    ['what an envelope holds', { detail: '{}' }, 'refused'],
  ])('with %s before it in its object is %o: %s', (_, front, what) => {
    const found = inPieces(`${JSON.stringify({ ...front, configurationItems: list(50) })}\n{"a":1}`, 11, 200)
    expect(values(found)).toEqual([...(what === 'refused' ? ['tooLarge'] : list(50)), { a: 1 }])
  })

  test('gives the same items in whatever pieces it comes, of the same names as one that is not too long', () => {
    const front = fc.dictionary(
      fc.string({ maxLength: 5 }).filter((name) => name !== 'Findings'),
      fc.oneof(
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
      { maxKeys: 4, noNullPrototype: true },
    )
    const items = fc.array(record, { minLength: 1, maxLength: 20 })
    const indent = fc.constantFrom(0, 2)
    fc.assert(
      fc.property(front, items, indent, fc.integer({ min: 1, max: 400 }), (before, held, blanks, size) => {
        const value = JSON.parse(JSON.stringify({ ...before, Findings: held }))
        const text = JSON.stringify(value, null, blanks)
        const found = inPieces(text, size, 100)
        expect(found).toEqual(inPieces(text, text.length, 100))
        if (found.length > 1) {
          expect(pointers(found)).toEqual(unwrap(value).bodies.map(({ path }) => path))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('refuses only the items that are broken or too large by themselves', () => {
    const text = `[{"a":1},{"b":oops},{"large":"${'x'.repeat(300)}"},"text",null,{"c":3}]`
    expect(values(inPieces(text, 10, 200))).toEqual([{ a: 1 }, 'notJson', 'tooLarge', 'text', null, { c: 3 }])
  })

  test('is given up where nobody knows what is an item, and told where it is cut off', () => {
    const begin = JSON.stringify(list(20)).slice(0, -1)
    expect(values(inPieces(`${begin},}{"a":1}]`, 10, 200)).slice(20)).toEqual(['notJson'])
    expect(values(inPieces(begin, 10, 200)).slice(20)).toEqual(['notJson'])
  })
})

describe('what is larger than is held', () => {
  const large = `{"a":"${'é'.repeat(150)}"}`

  test.each([
    ['in lines', `{"b":1}\n${large}\n{"c":2}`],
    ['one behind the other', `{\n"b":1}${large}{"c":2}`],
    ['among lines that are broken', `{"b":1}\n{"broken":\n${large}\n{"c":2}`],
  ])('is refused and costs nothing else: %s', (_, text) => {
    const found = values(inPieces(text, 16, 200)).filter((each) => each !== 'notJson')
    expect(found).toEqual([{ b: 1 }, 'tooLarge', { c: 2 }])
  })

  test('is counted in bytes', () => {
    expect(values(inPieces(large, 400, 200))).toEqual(['tooLarge'])
    expect(values(inPieces(large.replaceAll('é', 'e'), 400, 200))).toEqual([{ a: 'e'.repeat(150) }])
  })
})
