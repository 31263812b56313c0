import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { ours } from '../../playbooks/index.ts'
import { deployedCollection } from '../../src/lambda/deployed-collection.ts'
import { definePlaybook } from '../../src/playbook/playbook.ts'
import { loadDeployedPolicy } from '../../src/policy/file/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'rectify-deployed-'))
const file = join(folder, 'rectify.yaml')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const own = definePlaybook({ ...ours.playbooks[1]!, id: 'acme-one' })

test('what is deployed are our playbooks and those of the bundled folder', () => {
  expect(deployedCollection([]).collection).toBe(ours)
  expect(deployedCollection([['own/a.ts', { own }]]).collection.playbooks.at(-1)?.id).toBe('acme-one')
})

test('a folder that cannot be used leaves ours, and the reason for which no run may change anything', () => {
  const { collection, wrong } = deployedCollection([['own/a.ts', {}]])
  expect(collection).toBe(ours)
  expect(wrong).toMatch(/^own\/a\.ts: exports no playbook/)
})

test('a policy that names a folder which is not in the bundle is refused for that', () => {
  writeFileSync(
    file,
    'version: 1\nplaybooks: ./own\nrules:\n  - { when: { playbook: acme-one }, mode: auto }\n',
  )
  expect(() => loadDeployedPolicy(file, ours.playbooks)).toThrow(
    'the deployed policy: playbooks: the functions were built without ./own: name it in the rectify.yaml beside',
  )
  expect(loadDeployedPolicy(file, [...ours.playbooks, own], './own').policy.rules).toHaveLength(1)
})
