import { describe, expect, test } from '@jest/globals'
import { problemText } from '../../src/policy/file/policy-error.ts'
import { errorOf, policyOf } from './fake-playbooks.ts'

const problemsOf = (text: string) => errorOf(() => policyOf(text)).problems

const HEAD = 'version: 1\nrules:\n  - mode: auto\n'

describe('a policy file is refused with line and key', () => {
  test.each([
    ['', 1, 'the file is empty'],
    ['# nothing\n', 1, 'the file is empty'],
    ['- version', 1, 'must be keys with values, not a list'],
    ['version: 1\nversion: 1', 2, 'duplicate key "version"'],
    [`${HEAD}    "mode": off`, 4, 'duplicate key "mode"'],
    [`${HEAD}    "a b": 1\n    "a b": 2`, 5, 'duplicate key "a b"'],
    [
      'version: 1\nnever: { addresses: [198.51.100.1\nrules: []',
      3,
      'not YAML: a [, { or quote above is not closed, or this line must be indented further than its key',
    ],
    ['version: 1\r\nrules: !js []', 2, 'not YAML: unknown sequence tag !<!js>'],
    ['version: 1\rrules: !js []', 2, 'not YAML: unknown sequence tag !<!js>'],
    ['version: 1\nrules: [', 2, 'not YAML: unexpected end of the stream within a flow collection'],
    ['version: 1\nrules:\n  - *nobody', 3, 'not YAML: unidentified alias "nobody"'],
    ['version: 1\nrules: !js []', 2, 'not YAML: unknown sequence tag !<!js>'],
    ['version: 1\n---\nversion: 1', undefined, 'not YAML: more than one document'],
    ['version: 1\nrules: &all\n  - *all', undefined, 'not YAML: its aliases unfold to over 100000 values'],
  ])('%j', (text, line, message) => {
    const { problems } = errorOf(() => policyOf(text))
    expect(problems[0]).toEqual({ ...(line !== undefined && { line }), message })
  })

  test.each([
    ['rules', 5_001, '  - { mode: off }\n'],
    ['exemptions', 20_001, '  - { resource: x }\n'],
    ['freezes', 1_001, '  - { name: x }\n'],
  ])('more %s than anybody reads are refused before each is looked at', (key, count, line) => {
    const { problems } = errorOf(() => policyOf(`version: 1\n${key}:\n${line.repeat(count)}`))
    expect(problems).toEqual([{ key, message: `has ${count} entries, and at most ${count - 1} are read` }])
  })

  test('a text of many megabytes is refused before it is read', () => {
    const { problems } = errorOf(() => policyOf(`version: 1\n${'# much\n'.repeat(800_000)}`))
    expect(problems).toEqual([
      { message: 'is too long: 5.6 million characters, and at most 4 million are read' },
    ])
  })

  test('aliases that would unfold without end are refused, not unfolded', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(9)}]`,
    )
    const { problems } = errorOf(() => policyOf(['version: 1', 'l0: &l0 [x]', ...levels].join('\n')))
    expect(problems[0]?.message).toMatch(/^not YAML: its aliases unfold to over/)
  })

  test.each([
    ['rules:\n  - mode: rehearse\n  -\n  - mode: off\n  - # nothing', [4, 6]],
    ['rules:\n-\n- mode: off\n-', [3, 5]],
    ['rules:\n  - when: { tags: {} }\n    mode: off', [3]],
    ['rules:\n  - when: { tags: { __proto__: prod } }\n    mode: auto', [3]],
    ['rules:\n  - mode: auto\n    parameters:\n      "__proto__": {}', [5]],
  ])('what says nothing, or not what it seems to say, is refused where it stands: %j', (text, lines) => {
    expect(problemsOf(`version: 1\n${text}`).map(({ line }) => line)).toEqual(lines)
  })

  test('what is wrong in a part that is shared is found where it is written', () => {
    const text =
      'version: 1\nrules:\n  - mode: off\n    when: &w\n      sorce: config\n  - mode: off\n    when: *w'
    expect(problemsOf(text).map(({ line, key }) => [line, key])).toEqual([
      [5, 'rules[0].when.sorce'],
      [5, 'rules[1].when.sorce'],
    ])
  })

  test('all that is wrong is told at once, in the order of the file', () => {
    const error = errorOf(() =>
      policyOf('version: 1\nlimits: []\nrules:\n  - mode: none\n  - when: { sorce: config }\n    mode: auto'),
    )
    expect(error.problems.map(({ line, key }) => [line, key])).toEqual([
      [2, 'limits'],
      [4, 'rules[0].mode'],
      [5, 'rules[1].when.sorce'],
    ])
    expect(error).toMatchObject({ file: '/etc/rectify.yaml', line: 2, key: 'limits' })
    expect(error.message).toBe(
      '/etc/rectify.yaml:2: limits: must be keys with values, not a list (and 2 more)',
    )
  })

  test('one problem reads as one line', () => {
    expect(problemText('rectify.yaml', { line: 7, key: 'rules[0].mode', message: 'has no value' })).toBe(
      'rectify.yaml:7: rules[0].mode: has no value',
    )
    expect(problemText('rectify.yaml', { message: 'no such file' })).toBe('rectify.yaml: no such file')
  })
})
