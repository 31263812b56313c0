import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Renaming } from '../../../src/sandbox/twin/renaming.ts'

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
/** Ids as AWS and the emulators give them, all of them different. */
const pairs = fc
  .uniqueArray(hex(17), { minLength: 2, maxLength: 12 })
  .map((all) => all.slice(0, all.length - (all.length % 2)))
  .map((all) =>
    Array.from(
      { length: all.length / 2 },
      (_, at) => [`sg-${all[2 * at]}`, `sg-${all[2 * at + 1]}`] as const,
    ),
  )

function learned(all: readonly (readonly [string, string])[]): Renaming {
  const renaming = new Renaming()
  for (const [real, twin] of all) renaming.learn(real, twin)
  return renaming
}

/** Inputs and answers with these ids in all the places in which they come. */
const valuesWith = (ids: readonly string[]) => {
  const id = fc.constantFrom(...ids)
  const text = fc.oneof(
    id,
    id.map((each) => `arn:aws:ec2:eu-west-1:111122223333:security-group/${each}`),
    id.map((each) => encodeURIComponent(JSON.stringify({ AWS: `arn:aws:iam::${each}:root` }))),
    id.map((each) => JSON.stringify({ Resource: [each, `${each}/*`] })),
    fc.string(),
  )
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4 }),
    ),
  })).value
}

const given = pairs.chain((all) => fc.tuple(fc.constant(all), valuesWith(all.map(([real]) => real))))

describe('renaming', () => {
  test('there and back is where one was', () => {
    fc.assert(
      fc.property(given, ([all, value]) => {
        const renaming = learned(all)
        expect(renaming.renamed(renaming.renamed(value))).toEqual(value)
      }),
    )
  })

  test('leaves no id of the account in what goes to the emulators', () => {
    fc.assert(
      fc.property(given, ([all, value]) => {
        const sent = JSON.stringify(learned(all).renamed(value)) ?? ''
        expect(all.filter(([real]) => sent.includes(real))).toEqual([])
      }),
    )
  })

  test('changes whole ids only', () => {
    const renaming = learned([
      ['sg-1', 'sg-9'],
      ['sg-1a', 'sg-8'],
    ])
    expect(renaming.renamed(['sg-1', 'sg-1a', 'sg-12', 'my-sg-1', 'sg-1-old', 'x/sg-1:sg-1a'])).toEqual([
      ...['sg-9', 'sg-8', 'sg-12', 'my-sg-1', 'sg-1-old', 'x/sg-9:sg-8'],
    ])
  })

  test('finds an id of any form, the longest that is whole', () => {
    const arn = 'arn:aws:elb:::loadbalancer/app/web/50dc6c495c0c9188'
    const renaming = learned([
      [arn, 'arn:other'],
      ['web/50dc6c495c0c9188', 'sg-9'],
      ['key_1', 'key-2'],
      ['arn:aws:elb', 'arn:none'],
    ])
    expect(renaming.renamed([arn, `${arn}/x`, `${arn}x`, 'web/50dc6c495c0c9188', '%22key_1%22'])).toEqual([
      ...['arn:other', 'arn:other/x', `${arn.replace('aws:elb', 'none')}x`, 'sg-9', '%22key-2%22'],
    ])
  })

  test('leaves dates and bytes as they are', () => {
    const value = { at: new Date(0), bytes: new Uint8Array([1]) }
    const renamed = learned([['sg-1', 'sg-9']]).renamed(value)
    expect(renamed.at).toBe(value.at)
    expect(renamed.bytes).toBe(value.bytes)
  })

  test('keeps the first name of a thing, for what is made a second time is another one', () => {
    const renaming = learned([
      ['sg-1', 'sg-9'],
      ['sg-1', 'sg-8'],
      ['sg-2', 'sg-9'],
    ])
    expect(renaming.renamed(['sg-1', 'sg-2', 'sg-8'])).toEqual(['sg-9', 'sg-2', 'sg-8'])
  })

  test('puts two accounts in the place of each other, so that a policy about both stays one about two', () => {
    const renaming = learned([['111122223333', '123456789012']])
    const policy = 'arn:aws:iam::111122223333:root arn:aws:iam::123456789012:root'
    expect(renaming.renamed(policy)).toBe('arn:aws:iam::123456789012:root arn:aws:iam::111122223333:root')
  })
})
