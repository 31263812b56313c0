import { expect, test } from '@jest/globals'
import type { LoadedPolicy } from '../../src/policy/rules.ts'
import { plain } from '../../src/reports/paint.ts'
import { runJson } from '../../src/reports/run/run-json.ts'
import { runText } from '../../src/reports/run/run-text.ts'
import type { PolicyVersion } from '../../src/run/run.ts'
import { APPROVE, AUTO, newWorld, policyOf, sshOpen, start } from './simulated-world.ts'

const GROUP = 'sg-0123456789abcdef0'
const FIRST: PolicyVersion = { sha256: 'sha256:1', s3Version: 'v1' }
const SECOND: PolicyVersion = { sha256: 'sha256:2', s3Version: 'v2' }

function openGroup(policy: LoadedPolicy) {
  const world = newWorld()
  world.aws.groups.add(GROUP, [{ id: 'sgr-1', from: 22, cidr: '0.0.0.0/0' }])
  return Object.assign(world, { policy })
}

const versioned = (text: string, version: PolicyVersion): LoadedPolicy =>
  ({ ...policyOf(text), version }) as LoadedPolicy

test('a run says which version of the policy decided it, in JSON and to people', async () => {
  const world = openGroup(versioned(AUTO, FIRST))
  const [run] = (await start(world).engine.handle([sshOpen(world, GROUP)], 'apply')).runs
  expect(run).toMatchObject({ outcome: 'remediated', policyVersion: FIRST })
  expect(await world.store.get(run!.id)).toMatchObject({ policyVersion: FIRST })
  expect(runJson(run!)).toMatchObject({ policyVersion: FIRST })
  expect(runText(run!, 'title', plain)).toMatch(/^ +decided by +sha256:1 \(version v1 of S3\)$/m)
})

test('a run that waited says the version that decided it last', async () => {
  const world = openGroup(versioned(APPROVE, FIRST))
  const [waiting] = (await start(world).engine.handle([sshOpen(world, GROUP)], 'apply')).runs
  expect(waiting).toMatchObject({ state: 'waiting', policyVersion: FIRST })
  const { engine } = start(world, { policyAt: () => versioned(AUTO, SECOND) })
  expect((await engine.approve(waiting!.id, {})).runs).toMatchObject([
    { outcome: 'remediated', policyVersion: SECOND },
  ])
})

test('a run of a policy without a version says none', async () => {
  const world = openGroup(policyOf(AUTO))
  const [run] = (await start(world).engine.handle([sshOpen(world, GROUP)], 'apply')).runs
  expect(run).not.toHaveProperty('policyVersion')
  expect(runJson(run!)).not.toHaveProperty('policyVersion')
})
