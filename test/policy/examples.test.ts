import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { openCases } from '../../src/cli/input/case-events.ts'
import { readCases } from '../../src/policy/cases/load-cases.ts'
import { loadPolicy } from '../../src/policy/file/load.ts'
import { notesOn } from '../../src/policy/notes.ts'
import { caseResult } from '../../src/reports/policy/case-result.ts'

const EXAMPLES = resolve(import.meta.dirname, '../../examples')
const folders = globSync('*/rectify.yaml', { cwd: EXAMPLES }).map(dirname)

test('there are policies to begin with', () => {
  expect(folders.toSorted()).toEqual(['production', 'starter'])
})

describe.each(folders)('the policy of examples/%s', (folder) => {
  const file = join(EXAMPLES, folder, 'rectify.yaml')
  const tests = join(EXAMPLES, folder, 'rectify.test.yaml')

  test('says nothing that has less effect than it seems', async () => {
    const { policy } = await loadPolicy(file, playbooks)
    expect(notesOn(policy, playbooks, Date.now())).toEqual([])
  })

  test('decides as its tests say', async () => {
    const policy = await loadPolicy(file, playbooks)
    const opened = await openCases(readCases(tests), policy, playbooks, () => undefined)
    expect(opened.length).toBeGreaterThan(5)
    const results = opened.map(({ one, triaged }) => caseResult(one, triaged, policy))
    expect(
      results.flatMap(({ name, differences }) => differences.map((each) => ({ name, ...each }))),
    ).toEqual([])
    // Each rule is one that some case is decided by.
    const rules = results.flatMap(({ decisions }) => decisions.flatMap(({ rule }) => rule?.number ?? []))
    const { length } = policy.policy.rules
    expect(new Set(rules).size).toBeGreaterThanOrEqual(length - 2)
  })

  test.each([file, tests])('and %s name the schema that is published', (path) => {
    const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(path, 'utf8')) ?? []
    expect(schema).toBeDefined()
    expect(existsSync(resolve(dirname(path), schema!))).toBe(true)
  })
})
