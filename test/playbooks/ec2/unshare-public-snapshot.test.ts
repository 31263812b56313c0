import type {
  CreateVolumePermission,
  DescribeSnapshotsCommandInput,
  ModifySnapshotAttributeCommandInput,
  Snapshot,
} from '@aws-sdk/client-ec2'
import { describe, expect, test } from '@jest/globals'
import { unsharePublicSnapshot as playbook } from '../../../playbooks/ec2/unshare-public-snapshot.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import type { ApiCall } from '../../../src/playbook/api.ts'
import { NO_IMPACT, type Plan, planHash } from '../../../src/playbook/plan.ts'
import type { PlannedSteps } from '../../../src/playbook/playbook.ts'
import { denied, type FakeReader, fakeReader, notFound } from '../../support/reader.ts'
import { groupFinding } from '../../support/security-group.ts'

const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
const arnOf = (id: string): string => `arn:aws:ec2:eu-central-1::snapshot/${id}`
const target = playbook.named('snap-1', place)
const never = { addresses: [] }
const EVERYBODY = { Group: 'all' } as const
const PARTNER = { UserId: '444455556666' }

interface Model {
  permissions: Record<string, CreateVolumePermission[]>
  more?: Partial<Snapshot>
  block?: string
  /** As EC2 answers those who do not own the snapshot. */
  deniesShares?: boolean
}

function reader({ permissions, more, block, deniesShares }: Model): FakeReader {
  const all = Object.keys(permissions).map((SnapshotId) => ({
    SnapshotId,
    OwnerId: place.account,
    Tags: [],
    ...more,
  }))
  return fakeReader({
    // Like moto, it does not heed RestorableByUserIds.
    'ec2:DescribeSnapshots': ({ Filters, OwnerIds }: DescribeSnapshotsCommandInput) => {
      const own = OwnerIds?.includes('self') ? all.filter(({ OwnerId }) => OwnerId === place.account) : all
      const ids = Filters?.[0]?.Values
      return { Snapshots: ids ? own.filter(({ SnapshotId = '' }) => ids.includes(SnapshotId)) : own }
    },
    'ec2:DescribeSnapshotAttribute': ({ SnapshotId }: { SnapshotId: string }) => {
      const found = permissions[SnapshotId]
      if (!found) throw notFound('ec2:DescribeSnapshotAttribute', 'InvalidSnapshot.NotFound')
      if (deniesShares) throw denied('ec2:DescribeSnapshotAttribute')
      return { SnapshotId, CreateVolumePermissions: found }
    },
    'ec2:GetSnapshotBlockPublicAccessState': () => {
      if (!block) throw denied('ec2:GetSnapshotBlockPublicAccessState')
      return { State: block }
    },
  })
}

/** Carries out a call in the one form that names the group; account shares are not touched by it. */
function carryOut(model: Model, { operation, input }: ApiCall): void {
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

const accountFinding = (more: Partial<Finding> = {}): Finding =>
  groupFinding({
    type: 'EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK',
    resources: [{ type: 'AWS::::Account', id: place.account }],
    ...more,
  })

async function look(model: Model, first = true) {
  const seen = await playbook.inspect(target, {}, reader(model), { first, findings: [accountFinding()] })
  if ('kind' in seen) throw new TypeError('gone')
  return seen
}

async function planFor(model: Model) {
  return playbook.plan((await look(model)).state, [accountFinding()], {}, target, never)
}

async function stepsFor(model: Model): Promise<Plan & PlannedSteps> {
  const planned = await planFor(model)
  if (planned.kind !== 'steps') throw new TypeError(`expected steps, got ${JSON.stringify(planned)}`)
  const { warnings = [] } = planned
  const plan = {
    ...planned,
    ...place,
    playbook: playbook.id,
    resource: target.resource,
    impact: NO_IMPACT,
    warnings,
  }
  return { ...plan, hash: planHash(plan) }
}

describe('whom a finding leads to', () => {
  test('a finding about the account leads to each snapshot that is public by its own permission', async () => {
    const permissions = {
      'snap-3': [EVERYBODY],
      'snap-1': [EVERYBODY, PARTNER],
      'snap-2': [PARTNER],
      'snap-4': [],
    }
    const aws = reader({ permissions })
    expect(await playbook.targets(accountFinding(), {}, aws, never)).toEqual([
      { resource: arnOf('snap-1'), id: 'snap-1', key: arnOf('snap-1') },
      { resource: arnOf('snap-3'), id: 'snap-3', key: arnOf('snap-3') },
    ])
    expect(aws.calls[0]?.input).toEqual({ OwnerIds: ['self'], RestorableByUserIds: ['all'] })
  })

  test('without a public snapshot there is no target', async () => {
    expect(
      await playbook.targets(accountFinding(), {}, reader({ permissions: { 'snap-1': [] } }), never),
    ).toEqual([])
  })

  test('a snapshot deleted while they are listed does not fail the others', async () => {
    const aws = fakeReader({
      'ec2:DescribeSnapshots': () => ({ Snapshots: [{ SnapshotId: 'snap-1' }, { SnapshotId: 'snap-2' }] }),
      'ec2:DescribeSnapshotAttribute': ({ SnapshotId }: { SnapshotId: string }) => {
        if (SnapshotId === 'snap-1')
          throw notFound('ec2:DescribeSnapshotAttribute', 'InvalidSnapshot.NotFound')
        return { CreateVolumePermissions: [EVERYBODY] }
      },
    })
    expect(await playbook.targets(accountFinding(), {}, aws, never)).toMatchObject([{ id: 'snap-2' }])
  })

  test('a finding that names a snapshot leads to that one only, unasked', async () => {
    const aws = reader({ permissions: { 'snap-1': [EVERYBODY], 'snap-2': [EVERYBODY] } })
    const finding = accountFinding({ resources: [{ type: 'AWS::EC2::Snapshot', id: 'snap-2' }] })
    expect(await playbook.targets(finding, {}, aws, never)).toMatchObject([{ id: 'snap-2' }])
    expect(aws.calls).toEqual([])
  })

  test.each([
    ['snap-2', 'AWS::::Account'],
    [arnOf('snap-2'), 'AWS::::Account'],
    ['snap-2', 'AWS::EC2::Volume'],
  ])('%s leads to that snapshot only, whatever type the finding gives it', async (id, type) => {
    const aws = reader({ permissions: { 'snap-1': [EVERYBODY], 'snap-2': [EVERYBODY] } })
    const finding = accountFinding({ resources: [{ type, id }] })
    expect(await playbook.targets(finding, {}, aws, never)).toEqual([
      { resource: arnOf('snap-2'), id: 'snap-2', key: arnOf('snap-2') },
    ])
    expect(aws.calls).toEqual([])
  })

  test.each(['444455556666', 'vol-1', 'my-snapshot'])(
    '%s, which is neither a snapshot nor the account, is told as not understood and leads nowhere',
    async (id) => {
      const aws = reader({ permissions: { 'snap-1': [EVERYBODY] } })
      for (const type of ['AWS::::Account', 'AWS::EC2::Snapshot']) {
        const finding = accountFinding({ resources: [{ type, id }] })
        expect(await playbook.targets(finding, {}, aws, never)).toMatchObject([
          { notUnderstood: expect.stringContaining(`"${id}" is neither id nor ARN`) },
        ])
      }
      expect(aws.calls).toEqual([])
    },
  )

  test('a snapshot may be named by id or by its ARN, which has no account', () => {
    expect(target).toEqual({ resource: arnOf('snap-1'), id: 'snap-1', key: arnOf('snap-1') })
    expect(playbook.named(arnOf('snap-1'), place)).toEqual(target)
  })
})

describe('the plan', () => {
  test('takes the group all off and keeps every account share; undo puts it back', async () => {
    const model: Model = { permissions: { 'snap-1': [PARTNER, EVERYBODY] } }
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
      const model: Model = { permissions: { 'snap-1': [EVERYBODY] }, ...(block ? { block } : {}) }
      expect((await stepsFor(model)).warnings).toEqual([])
    },
  )

  test("does not touch another account's snapshot", async () => {
    const model: Model = { permissions: { 'snap-1': [EVERYBODY] }, more: { OwnerId: '444455556666' } }
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
    const model: Model = { permissions: { 'snap-1': [] }, more: { Tags: [{ Key: 'env', Value: 'prod' }] } }
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
