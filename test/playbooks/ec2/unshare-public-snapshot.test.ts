import type { DescribeSnapshotsCommandInput, ModifySnapshotAttributeCommandInput } from '@aws-sdk/client-ec2'
import { describe, expect, test } from '@jest/globals'
import { unsharePublicSnapshot as playbook } from '../../../playbooks/ec2/unshare-public-snapshot.ts'
import type { ApiCall } from '../../../src/playbook/api.ts'
import type { Plan } from '../../../src/playbook/plan.ts'
import { denied, fakeReader } from '../../support/reader.ts'
import { planAbout, steps } from '../planned.ts'
import {
  accountFinding,
  arnOf,
  EVERYBODY,
  never,
  PARTNER,
  place,
  reader,
  type SnapshotModel,
  target,
} from './snapshot-model.ts'

/** Carries out a call in the one form that names the group; account shares are not touched by it. */
function carryOut(model: SnapshotModel, { operation, input }: ApiCall): void {
  const {
    SnapshotId = '',
    Attribute,
    OperationType,
    GroupNames,
    ...rest
  } = input as unknown as ModifySnapshotAttributeCommandInput
  expect({ operation, Attribute, GroupNames, rest }).toEqual({
    operation: 'ModifySnapshotAttribute',
    Attribute: 'createVolumePermission',
    GroupNames: ['all'],
    rest: {},
  })
  const others = (model.permissions[SnapshotId] ?? []).filter(({ Group }) => Group !== 'all')
  model.permissions[SnapshotId] = OperationType === 'add' ? [...others, EVERYBODY] : others
}

async function look(model: SnapshotModel, first = true) {
  const seen = await playbook.inspect(target, {}, reader(model), { first, findings: [accountFinding()] })
  if ('kind' in seen) throw new TypeError('gone')
  return seen
}

async function planFor(model: SnapshotModel) {
  return playbook.plan((await look(model)).state, [accountFinding()], {}, target, never)
}

async function stepsFor(model: SnapshotModel): Promise<Plan> {
  const about = { playbook: playbook.id, resource: target.resource, ...place }
  return planAbout(about, steps(await planFor(model)))
}

describe('the plan', () => {
  test('takes the group all off and keeps every account share; undo puts it back', async () => {
    const model: SnapshotModel = { permissions: { 'snap-1': [PARTNER, EVERYBODY] } }
    const plan = await stepsFor(model)
    expect(plan.before).toEqual({ public: true })
    expect(plan.after).toEqual({ public: false })
    expect(plan.steps[0]?.permissions).toEqual([
      { action: 'ec2:ModifySnapshotAttribute', resource: arnOf('snap-1') },
    ])
    const status = async () => playbook.status(plan.steps[0]!, (await look(model)).state, plan)
    expect(await status()).toBe('todo')

    for (const { call } of plan.steps) carryOut(model, call)
    expect(model.permissions['snap-1']).toEqual([PARTNER])
    expect(await status()).toBe('done')
    expect(await planFor(model)).toMatchObject({ kind: 'compliant' })

    for (const call of plan.steps.flatMap(({ undo }) => (Array.isArray(undo) ? undo : [])))
      carryOut(model, call)
    expect(model.permissions['snap-1']).toEqual([PARTNER, EVERYBODY])
    expect((await stepsFor(model)).hash).toBe(plan.hash)
  })

  test('a private snapshot needs none', async () => {
    expect(await planFor({ permissions: { 'snap-1': [PARTNER] } })).toMatchObject({ kind: 'compliant' })
  })

  test('is the same whoever else it is shared with and whatever block public access says', async () => {
    const plan = await stepsFor({ permissions: { 'snap-1': [EVERYBODY] } })
    const other = await stepsFor({
      permissions: { 'snap-1': [PARTNER, EVERYBODY] },
      block: 'block-all-sharing',
    })
    expect(other.hash).toBe(plan.hash)
  })

  test.each([
    ['block-all-sharing', /hides the snapshot for now.*undo needs/],
    ['block-new-sharing', /undo needs/],
  ])('says what %s means for it', async (block, warning) => {
    const { warnings } = await stepsFor({ permissions: { 'snap-1': [EVERYBODY] }, block })
    expect(warnings.join(' ')).toMatch(warning)
  })

  test.each([['unblocked'], [undefined]])(
    'says nothing about block public access when it is %s',
    async (block) => {
      const model: SnapshotModel = { permissions: { 'snap-1': [EVERYBODY] }, ...(block ? { block } : {}) }
      expect((await stepsFor(model)).warnings).toEqual([])
    },
  )

  test("does not touch another account's snapshot", async () => {
    const model: SnapshotModel = { permissions: { 'snap-1': [EVERYBODY] }, more: { OwnerId: '444455556666' } }
    for (const deniesShares of [false, true]) {
      expect(await planFor({ ...model, deniesShares })).toMatchObject({
        kind: 'notApplicable',
        reason: expect.stringMatching(/belongs to another account|not among those of account 111122223333/),
      })
    }
  })

  test('tells the accounts whose shares stay', async () => {
    const { state } = await look({ permissions: { 'snap-1': [EVERYBODY, PARTNER] } })
    const impact = await playbook.impact(state, fakeReader({}), target, { before: {}, after: {} }, {})
    expect(impact.notes?.join()).toContain('share with account 444455556666 stays')
  })
})

describe('the look', () => {
  test('reads tags at first and the permission alone later', async () => {
    const model: SnapshotModel = {
      permissions: { 'snap-1': [] },
      more: { Tags: [{ Key: 'env', Value: 'prod' }] },
    }
    expect((await look(model)).tags).toEqual({ env: 'prod' })
    const aws = reader(model)
    await playbook.inspect(target, {}, aws, { first: false, findings: [] })
    expect(aws.calls.map(({ action }) => action)).toEqual(['ec2:DescribeSnapshotAttribute'])
  })

  test("asks for the account's own snapshots only", async () => {
    const aws = reader({ permissions: { 'snap-1': [EVERYBODY] } })
    await playbook.inspect(target, {}, aws, { first: true, findings: [] })
    await playbook.targets(accountFinding(), {}, aws, never)
    const asked = aws.calls.filter(({ action }) => action === 'ec2:DescribeSnapshots')
    expect(asked.map(({ input }) => (input as DescribeSnapshotsCommandInput).OwnerIds)).toEqual([
      ['self'],
      ['self'],
    ])
  })

  test('fails when the shares of an own snapshot may not be read', async () => {
    const aws = reader({ permissions: { 'snap-1': [EVERYBODY] }, deniesShares: true })
    const seen = playbook.inspect(target, {}, aws, { first: true, findings: [] })
    await expect(seen).rejects.toMatchObject({ kind: 'denied' })
  })

  test('finds a deleted snapshot gone', async () => {
    for (const first of [true, false]) {
      const seen = playbook.inspect(target, {}, reader({ permissions: {} }), { first, findings: [] })
      expect(await seen).toEqual({ kind: 'gone' })
    }
  })

  test('tells tags that may not be read apart from no tags', async () => {
    const aws = fakeReader({
      'ec2:DescribeSnapshots': () => {
        throw denied('ec2:DescribeSnapshots')
      },
      'ec2:DescribeSnapshotAttribute': () => ({ CreateVolumePermissions: [EVERYBODY] }),
      'ec2:GetSnapshotBlockPublicAccessState': () => ({ State: 'unblocked' }),
    })
    const seen = await playbook.inspect(target, {}, aws, { first: true, findings: [] })
    expect(seen).toMatchObject({
      state: { public: true },
      tags: { unreadable: expect.stringContaining('not authorized') },
    })
  })

  test('fails when the permission itself may not be read', async () => {
    const aws = fakeReader({
      'ec2:DescribeSnapshotAttribute': () => {
        throw denied('ec2:DescribeSnapshotAttribute')
      },
    })
    const seen = playbook.inspect(target, {}, aws, { first: false, findings: [] })
    await expect(seen).rejects.toMatchObject({ kind: 'denied' })
  })
})
