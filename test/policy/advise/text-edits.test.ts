import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { edited, type TextEdit, unifiedDiff } from '../../../src/policy/advise/text-edits.ts'

/** Applies a patch of one file as `patch` does, without any fuzz. */
function patched(text: string, patch: string): string {
  const lines = text.split(/(?<=\n)/).filter((line) => line !== '')
  const out: string[] = []
  let at = 0
  for (const hunk of patch.split(/^(?=@@ )/m).slice(1)) {
    const [head = '', ...body] = hunk.split('\n').slice(0, -1)
    const [, from, count, , added] = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(head) ?? []
    const start = Number(count) === 0 ? Number(from) : Number(from) - 1
    out.push(...lines.slice(at, start))
    at = start
    const words = body.flatMap((line, index): [string, string][] => {
      if (line.startsWith('\\')) return []
      return [[line[0]!, line.slice(1) + (body[index + 1]?.startsWith('\\') ? '' : '\n')]]
    })
    for (const [sign, line] of words) {
      if (sign !== '+') expect(lines[at++]).toBe(line)
      if (sign !== '-') out.push(line)
    }
    expect(words.filter(([sign]) => sign !== '+')).toHaveLength(Number(count))
    expect(words.filter(([sign]) => sign !== '-')).toHaveLength(Number(added))
  }
  return [...out, ...lines.slice(at)].join('')
}

const line = fc.constantFrom('a\n', 'b\n', '  - mode: auto\n', '\n', '# c\r\n')
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', '', 'last'))
  .map(([lines, last]) => lines.join('') + last)

const edits = (of: string): fc.Arbitrary<TextEdit[]> => {
  const starts = [0, ...[...of.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const whole = fc
    .tuple(fc.constantFrom(...starts), fc.constantFrom('new\n', 'x\ny\n'))
    .map(([at, insert]): TextEdit => ({ at, remove: 0, insert }))
  const inside = fc
    .tuple(fc.nat(of.length), fc.constantFrom('new', '{ x }, ', '\nz\n'))
    .map(([at, insert]): TextEdit => ({ at, remove: /\w/.test(of[at] ?? '') ? 1 : 0, insert }))
  return fc.uniqueArray(fc.oneof(whole, inside), { maxLength: 5, selector: ({ at }) => at })
}

test('a patch makes of a text what its edits make of it', () => {
  fc.assert(
    fc.property(
      text.chain((of) => fc.tuple(fc.constant(of), edits(of))),
      ([of, all]) => {
        expect(patched(of, unifiedDiff(of, all, 'rectify.yaml'))).toBe(edited(of, all))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('is empty without edits, and names a file with spaces as git does', () => {
  expect(unifiedDiff('a\n', [], 'x')).toBe('')
  const patch = unifiedDiff('a\n', [{ at: 0, remove: 0, insert: 'b\n' }], 'my rules.yaml')
  expect(patch).toBe('--- a/my rules.yaml\t\n+++ b/my rules.yaml\t\n@@ -1,1 +1,2 @@\n+b\n a\n')
})
