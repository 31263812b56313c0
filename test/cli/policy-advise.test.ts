import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress } from '../../playbooks/ec2/close-open-ingress.ts'
import type { Json } from '../../src/playbook/json.ts'
import type { Run } from '../../src/run/run.ts'
import type { RunStore } from '../../src/run/store.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { openGroup } from '../engine/approval-scenes.ts'
import { sshOpen } from '../engine/simulated-world.ts'
import { inEmptyFolder } from '../support/program-without-aws.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { sampleRun } from '../support/sample-run.ts'
import { callOn, memoryStack } from './in-memory-stack.ts'

const POLICY = `# The policy of ACME.
version: 1
rules:
  # Nobody touches the vault.
  - { when: { account: "444455556666" }, mode: off }
  # All else is tried.
  - mode: rehearse   # for now

advise: { approveAfter: { rehearsals: 2 } }
`
const EVENT = join(import.meta.dirname, '../events/config-compliance-restricted-ssh.json')

/** That of the event. */
const ACCOUNT = '111122223333'

const { folder, run } = inEmptyFolder()
const fileOf = (name: string) => join(folder(), name)

function rehearsed(index: number, startedAt: string, more: Partial<Run> = {}): Run {
  return sampleRun({
    ...{ id: `01KREHEARSED0000000000000${index}`, outcome: 'rehearsed', mode: 'rehearse', startedAt },
    findings: [sampleFinding()],
    account: ACCOUNT,
    parameters: closeOpenIngress.parameters.parse({}) as Json,
    results: [{ step: 'revoke', status: 'dryRunOk' }],
    ...more,
  })
}

async function put(store: RunStore, ...runs: Run[]): Promise<void> {
  for (const each of runs) {
    await store.commit({
      id: `${each.id}-1`,
      run: { ...each, revision: 1 },
      audit: [],
      expect: { revision: 0 },
    })
  }
}

/** A deployment whose table holds these. */
async function deployed(...runs: Run[]) {
  const world = openGroup('version: 1\nrules:\n  - mode: rehearse\n')
  await put(world.store, ...runs)
  return { world, stack: memoryStack(world) }
}

test('takes evidence of the local runs, and prints a patch that git applies, after which nothing more is advised', async () => {
  writeFileSync(fileOf('rectify.yaml'), POLICY)
  const store = sqliteStore(fileOf('.rectify'))
  const yesterday = new Date(Date.now() - 86_400_000).toISOString()
  await put(store, rehearsed(1, yesterday), rehearsed(2, yesterday))
  await store.close()

  const { status, stdout: patch } = await run('policy', 'advise', '--patch')
  expect(status).toBe(0)
  expect(readFileSync(fileOf('rectify.yaml'), 'utf8')).toBe(POLICY)
  writeFileSync(fileOf('old.yaml'), POLICY)
  execFileSync('git', ['apply'], { cwd: folder(), input: patch })
  expect(readFileSync(fileOf('rectify.yaml'), 'utf8')).toContain(`  # Nobody touches the vault.
  - { when: { account: "444455556666" }, mode: off }
  # ${new Date().toISOString().slice(0, 10)}, rehearse to approve: 2 rehearsals
  - when: { playbook: ec2-close-open-ingress, account: [ '${ACCOUNT}' ] }
    mode: approve
  # All else is tried.
  - mode: rehearse   # for now
`)
  const diff = await run('policy', 'diff', 'old.yaml', 'rectify.yaml', '--events', EVENT, '--json')
  expect(diff.document()).toMatchObject({ decisions: 1, raised: 1, changes: [{ to: { mode: 'approve' } }] })
  const again = await run('policy', 'advise', '--patch')
  expect(again).toMatchObject({ status: 0, stdout: '' })
  expect(again.stderr).toContain('nothing to patch')
}, 30_000)

describe('policy advise --stack', () => {
  test('shows rule, playbook, evidence, advice and why, and the patch behind them', async () => {
    writeFileSync(fileOf('rectify.yaml'), POLICY)
    const { world, stack } = await deployed()
    await put(world.store, ...[1, 2].map((index) => rehearsed(index, world.clock.iso())))
    const ran = await callOn(stack, 'policy', 'advise', '--policy', fileOf('rectify.yaml'))
    expect(ran.text).toMatch(
      /rectify\.yaml:7 +ec2-close-open-ingress +rehearse +2 rehearsed on 1 resource +approve +2 rehearsals\n/,
    )
    expect(ran.text.endsWith(ran.document.patch as string)).toBe(true)
    expect(ran.document).toMatchObject({
      ...{ isComplete: true, criteria: { approveAfter: { rehearsals: 2, within: 'P30D' } } },
      advice: [{ rule: { number: 2, line: 7 }, mode: 'rehearse', advised: 'approve', accounts: [ACCOUNT] }],
    })
    expect(readFileSync(fileOf('rectify.yaml'), 'utf8')).toBe(POLICY)
  })

  test('reads runs as the functions of the deployment have stored them, under another text of the policy', async () => {
    writeFileSync(fileOf('rectify.yaml'), POLICY)
    const { world, stack } = await deployed()
    for (let times = 0; times < 2; times++) {
      const [made] = await stack.arrive([sshOpen(world, 'sg-0web', { version: `${times}` })])
      expect(made).toMatchObject({ outcome: 'rehearsed' })
      world.clock.advance(86_400_000)
    }
    const ran = await callOn(stack, 'policy', 'advise', '--policy', fileOf('rectify.yaml'))
    expect(ran.document).toMatchObject({
      ...{ runs: 2, ofOtherText: 2 },
      advice: [{ rule: { number: 2 }, advised: 'approve', evidence: { rehearsed: 2, resources: 1 } }],
    })
    expect(ran.text).toContain('2 decided by another text than rectify.yaml')
  })

  test('leaves out what was rehearsed under other parameters', async () => {
    writeFileSync(fileOf('rectify.yaml'), POLICY)
    const { world, stack } = await deployed()
    const parameters = closeOpenIngress.parameters.parse({ ports: [22] }) as Json
    const runs = [1, 2].map((index) => rehearsed(index, world.clock.iso(), { parameters }))
    await put(world.store, ...runs)
    const ran = await callOn(stack, 'policy', 'advise', '--policy', fileOf('rectify.yaml'))
    expect(ran.document).toMatchObject({ runs: 2, advice: [], unplaced: [{ evidence: { rehearsed: 2 } }] })
    expect(ran.text).toContain('of 2 it cannot be told')
  })

  test('says of no runs that nothing is advised', async () => {
    writeFileSync(fileOf('rectify.yaml'), POLICY)
    const { stack } = await deployed()
    const ran = await callOn(stack, 'policy', 'advise', '--policy', fileOf('rectify.yaml'))
    expect(ran.status).toBe(0)
    expect(ran.text).toMatch(/^No run since \S+ tells anything about rectify\.yaml: nothing is advised\.$/)
  })

  test.each([
    ['an unknown key', 'advise: { autoAfter: { rehearsal: 3 } }', 'did you mean "rehearsals"'],
    ['no evidence at all', 'advise: { approveAfter: { rehearsals: 0 } }', 'must be at least 1'],
    ['a time longer than runs are kept', 'advise: { backBeyond: { within: 91d } }', 'must be at most 90d'],
  ])('refuses a policy with %s, by its line', async (_, line, message) => {
    writeFileSync(fileOf('rectify.yaml'), `version: 1\n${line}\n`)
    const { stack } = await deployed()
    const ran = await callOn(stack, 'policy', 'advise', '--policy', fileOf('rectify.yaml'))
    expect(ran).toMatchObject({
      ...{ status: 2, document: { error: { kind: 'policy', line: 2 } } },
    })
    expect(JSON.stringify(ran.document)).toContain(JSON.stringify(message).slice(1, -1))
  })

  test('refuses a folder without a policy', async () => {
    const { stack } = await deployed()
    const ran = await callOn(stack, 'policy', 'advise')
    expect(ran.status).toBe(2)
    expect(JSON.stringify(ran.document)).toContain('rectify init')
  })
})
