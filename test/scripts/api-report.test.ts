import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { declarations, REPORT, reportOf } from '../../scripts/api-report.mjs'

test('the contract of playbooks is the one that was reviewed', () => {
  const reviewed = readFileSync(REPORT, 'utf8')
  const now = reportOf(declarations())
  // The first line that differs says more than two reports.
  const [was, is] = [reviewed, now].map((text) => text.split('\n'))
  const line = is!.findIndex((text, n) => text !== was![n])
  const advice = 'a change of rectify/playbook: if it is meant, run npm run api-report'
  expect(now === reviewed ? 'as reviewed' : `${advice}\n- ${was![line]}\n+ ${is![line]}`).toBe('as reviewed')
})

const small = (shape: string) =>
  new Map([
    [
      'entry.d.ts',
      "/** Doc. */\nexport { type Shape, twice as double } from './lib.ts';\nexport * from './all.ts';\n",
    ],
    [
      'lib.d.ts',
      `type Inner = ${shape};\n/** What\n * it is. */\nexport interface Shape {\n    /** Of it. */\n    of: Inner;\n}\nexport declare function twice(n: number): number;\nexport declare const unseen: 1;\n`,
    ],
    ['all.d.ts', 'export declare const all: string;\n'],
  ])

test('a report has what the entry exports and what stands behind it, and neither comments nor anything else', () => {
  const report = reportOf(small('string'), 'entry.d.ts')
  for (const part of [
    'export interface Shape {\n    of: Inner;\n}',
    'export declare function twice(n: number): number;',
    'export declare const all: string;',
    '## Behind them\n\n```ts\ntype Inner = string;\n```',
  ])
    expect(report).toContain(part)
  for (const part of ['unseen', 'Doc.', 'Of it', 'What']) {
    expect(report.replace('What is in it is kept', '')).not.toContain(part)
  }
})

test('a report shows a change of a type that is not exported itself', () => {
  expect(reportOf(small('number'), 'entry.d.ts')).not.toBe(reportOf(small('string'), 'entry.d.ts'))
})
