import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { ours } from '../../playbooks/index.ts'
import { offered } from '../../playbooks/offered.ts'
import { deployedCollection } from '../../src/lambda/deployed-collection.ts'
import { definePlaybook } from '../../src/playbook/playbook.ts'
import { loadDeployedPolicy } from '../../src/policy/file/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'rectify-deployed-'))
const file = join(folder, 'rectify.yaml')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const own = definePlaybook({ ...ours.playbooks[1]!, id: 'acme-one' })

test('what is deployed are our playbooks and those of the bundled folder', async () => {
  expect((await deployedCollection([])).collection).toBe(offered)
  const { collection } = await deployedCollection([['own/a.ts', async () => ({ own })]])
  expect(collection.playbooks.at(-1)?.id).toBe('acme-one')
})

test.each([
  ['exports none', async () => ({}), /^own\/a\.ts: exports no playbook/],
  ['throws', () => Promise.reject(new Error('not today')), /^own\/a\.ts cannot be loaded: not today$/],
])(
  'a file that %s leaves ours, and the reason for which no run may change anything',
  async (_, load, why) => {
    const { collection, wrong } = await deployedCollection([['own/a.ts', load]])
    expect(collection).toBe(offered)
    expect(wrong).toMatch(why)
  },
)

test('a policy that names a folder which is not in the bundle is refused for that', async () => {
  writeFileSync(
    file,
    'version: 1\nplaybooks: ./own\nrules:\n  - { when: { playbook: acme-one }, mode: auto }\n',
  )
  await expect(loadDeployedPolicy(file, ours.playbooks)).rejects.toThrow(
    'the deployed policy: playbooks: the functions were built without ./own: name it in the rectify.yaml beside',
  )
  const { policy } = await loadDeployedPolicy(file, [...ours.playbooks, own], './own')
  expect(policy.rules).toHaveLength(1)
})
