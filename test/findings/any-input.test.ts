import { readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ParseResult } from '../../src/findings/finding.ts'
import { parseEvents, parseText } from '../../src/findings/read.ts'
import { findingShape, rejectionShape } from './finding-shape.ts'
import { sample } from './hand-written-events.ts'

const SAMPLES = readdirSync(new URL('../events/', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, ''))

/** Something comes of every input, and it has the promised shape. */
function holds({ findings, rejected }: ParseResult): void {
  expect(findings.length + rejected.length).toBeGreaterThan(0)
  for (const finding of findings) findingShape.parse(finding)
  for (const rejection of rejected) rejectionShape.parse(rejection)
}

test.each(SAMPLES)('%s has the shape of a finding', (name) => {
  holds(parseEvents(sample(name), name))
})

test('any JSON gives findings or rejections', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => holds(parseEvents(value, 'e'))),
    { numRuns: 500 },
  )
})

test('any JSON in place of a detail gives findings or rejections', () => {
  const envelope = fc.constantFrom('config-compliance-patch', 'config-item-oversized', 'guardduty-port-probe')
  fc.assert(
    fc.property(envelope, fc.jsonValue(), (name, detail) =>
      holds(parseEvents({ ...sample(name), detail }, 'e')),
    ),
    { numRuns: 500 },
  )
})

test('any text gives findings or rejections', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => holds(parseText(text, 'e'))),
    { numRuns: 500 },
  )
})

/** Every field of a document, as the object that holds it and its name. */
function fieldsOf(value: unknown): { holder: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...fieldsOf(holder[name])])
}

function takeOut({ holder, name }: { holder: Record<string, unknown>; name: string }): void {
  if (Array.isArray(holder)) holder.splice(Number(name), 1)
  else delete holder[name]
}

test('a sample with a field taken out or replaced by anything gives findings or rejections', () => {
  const strange = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      '',
      ' ',
      null,
      0,
      -1,
      1e300,
      true,
      [],
      {},
      [null],
      { toString: 1 },
      [{ toString: 1 }],
      '\u0000',
      'constructor',
      '__proto__',
    ),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...SAMPLES),
      fc.nat(),
      fc.option(strange, { nil: undefined }),
      (name, pick, value) => {
        const document = sample(name)
        const fields = fieldsOf(document)
        const field = fields[pick % fields.length]
        if (field === undefined) throw new Error('a sample without fields')
        if (value === undefined) takeOut(field)
        else field.holder[field.name] = value
        holds(parseEvents(document, 'e'))
      },
    ),
    { numRuns: 3000 },
  )
})
