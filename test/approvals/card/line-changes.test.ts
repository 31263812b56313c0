import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { lineChanges } from '../../../src/approvals/card/line-changes.ts'

/** What the changes make of a list of lines; undefined where they do not belong to it. */
function apply(before: readonly string[], changes: readonly string[], after: readonly string[]) {
  const [gone, come] = ['- ', '+ '].map((sign) =>
    changes.filter((change) => change.startsWith(sign)).map((change) => change.slice(2)),
  )
  const without = (lines: readonly string[], some: readonly string[]) => {
    const left = [...some]
    return lines.filter((line) => {
      const at = left.indexOf(line)
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
  }
  return { kept: without(before, gone!).toSorted(), stays: without(after, come!).toSorted() }
}

describe('what changed between two plans', () => {
  test('is nothing where they are the same', () => {
    expect(lineChanges(['- a', '+ b'], ['- a', '+ b'])).toEqual([])
  })

  test('is told line by line, in order', () => {
    expect(lineChanges(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toEqual(['- b', '+ x', '+ d'])
  })

  test('is as little as can be told', () => {
    expect(lineChanges(['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'])).toHaveLength(2)
  })

  test('leads from one to the other, however they differ', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const { kept, stays } = apply(before, lineChanges(before, after), after)
        expect(kept).toEqual(stays)
      }),
    )
  })

  test('of thousands of lines takes no table of all pairs', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `line ${at}`)
    expect(lineChanges(many, many.with(7, 'other'))).toEqual(['- line 7', '+ other'])
    expect(lineChanges(many, many.toReversed())).toEqual([expect.stringContaining('in another order')])
  })
})
