import { describe, expect, test } from '@jest/globals'
import { type GrantsState, planGrants } from '../../../playbooks/s3/access/public-grants.ts'
import { removePublicGrants } from '../../../playbooks/s3/remove-public-grants.ts'
import { AUTO, finding, newWorld, start } from '../../engine/simulated-world.ts'
import { sampleFinding } from '../../support/sample-finding.ts'
import { policyText } from '../policy-rows.ts'
import type { LiveResource } from '../setting-table.ts'
import { table } from './remove-public-grants.table.ts'

const target = removePublicGrants.named('exports', {
  partition: 'aws',
  region: 'eu-west-1',
  account: '123456789012',
})
const OWNER = 'a'.repeat(64)
const grants = (...ids: string[]): GrantsState['list'] => ({
  owner: { ID: OWNER },
  grants: [
    {
      Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' },
      Permission: 'WRITE',
    },
    ...ids.map((ID) => ({ Grantee: { Type: 'CanonicalUser' as const, ID }, Permission: 'READ' as const })),
  ],
})
const open = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }
const partner = { ...open, Sid: 'Partner', Principal: { AWS: '111122223333' } }
const ofPartner = policyText(partner)
const state = (more: Partial<GrantsState> = {}): GrantsState => ({
  account: '123456789012',
  policy: policyText(open),
  list: grants(OWNER),
  ...more,
})
const found = (type: string) => [sampleFinding({ type })]
const PARTNER = 'b'.repeat(64)

describe('where nothing is public', () => {
  test.each<[string, string[], 'compliant' | 'notApplicable']>([
    ['S3_BUCKET_PUBLIC_READ_PROHIBITED', [OWNER, PARTNER], 'compliant'],
    ['S3_BUCKET_ACL_PROHIBITED', [OWNER], 'compliant'],
    ['S3_BUCKET_ACL_PROHIBITED', [OWNER, PARTNER], 'notApplicable'],
    ['S3.12', [OWNER, PARTNER], 'notApplicable'],
    // Whom the rule has on its list only AWS Config knows.
    ['S3_BUCKET_POLICY_GRANTEE_CHECK', [OWNER], 'notApplicable'],
  ])('a finding of %s about grants to %j ends %s', (type, ids, kind) => {
    const plan = planGrants(state({ policy: ofPartner, list: grants(...ids) }), found(type), target)
    expect(plan).toMatchObject({ kind, reason: expect.stringContaining('neither the policy nor a grant') })
    if (kind === 'notApplicable')
      expect(plan).toMatchObject({ nothingKnownIsLeft: true, reason: expect.stringContaining(type) })
  })
})

test('who has no policy lets in nobody by it', () => {
  const none = state({ policy: null, list: grants(OWNER) })
  expect(planGrants(none, found('S3_BUCKET_POLICY_GRANTEE_CHECK'), target)).toMatchObject({
    kind: 'compliant',
  })
})

describe('a plan', () => {
  test.each([
    ['S3.2', ofPartner, [OWNER, PARTNER], undefined],
    ['S3.12', policyText(open), [OWNER], undefined],
    ['S3.12', policyText(open), [OWNER, PARTNER], 'S3.12 asks and a person knows'],
    ['S3_BUCKET_POLICY_GRANTEE_CHECK', policyText(open), [OWNER, PARTNER], undefined],
    ['S3_BUCKET_POLICY_GRANTEE_CHECK', policyText(open, partner), [OWNER], 'asks and a person knows'],
  ])('for a finding of %s says what stays of what it asks', (type, policy, ids, doubt) => {
    const everybody = { Type: 'Group' as const, URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }
    const list = grants(...ids)
    list.grants.push({ Grantee: everybody, Permission: 'READ' })
    const plan = planGrants(state({ policy, list }), found(type), target)
    expect(plan).toMatchObject({
      kind: 'steps',
      ...(doubt !== undefined && { unproven: expect.stringContaining(doubt) }),
    })
    if (doubt === undefined) expect(plan).not.toHaveProperty('unproven')
  })

  test('is granted what its steps call, and what takes them back', () => {
    const { grants: list } = grants(OWNER)
    const everybody = { Type: 'Group' as const, URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }
    const all = [...list, { Grantee: everybody, Permission: 'READ' as const }]
    const plan = planGrants(state({ list: { owner: { ID: OWNER }, grants: all } }), [], target)
    if (plan.kind !== 'steps') throw new Error(plan.kind)
    expect(plan.steps).toHaveLength(2)
    for (const { call, undo, permissions } of plan.steps) {
      const called = [call, ...(Array.isArray(undo) ? undo : [])].map(({ operation }) => `s3:${operation}`)
      expect(new Set(permissions.map(({ action }) => action))).toEqual(new Set(called))
    }
  })

  test('warns of what would keep its undo from being put, of the place that it changes only', () => {
    const warnings = (blocks: GrantsState['blocks']) => planGrants(state({ blocks: blocks! }), [], target)
    const undo = [expect.stringContaining('an undo needs the block of public access off')]
    expect(warnings({ policies: true, lists: false })).toMatchObject({ warnings: undo })
    expect(warnings({ policies: false, lists: true })).toMatchObject({ warnings: [] })
  })

  test('proves nothing while an identity provider is trusted that S3 may take for the public', () => {
    const web = { ...open, Sid: 'Web', Principal: { Federated: 'graph.facebook.com' } }
    const app = { ...web, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }
    const unproven = (other: object) => {
      const plan = planGrants(state({ policy: policyText(open, other) }), [], target)
      return 'unproven' in plan ? plan.unproven : undefined
    }
    expect(unproven(web)).toContain('S3 may call the policy public for statement "Web"')
    expect(unproven(app)).toBeUndefined()
    expect(unproven({ ...web, Effect: 'Deny' })).toBeUndefined()
  })
})

/** A bucket that is public by both ways, and the finding about it. */
function bothOpen() {
  const world = newWorld(AUTO)
  const { live } = table.rows.find(({ changes }) => changes?.length === 2)!
  const bucket: LiveResource = { isThere: true, values: live, tags: [], more: {} }
  world.aws.answeringAll(table.aws(bucket))
  const { type } = table.finding
  const about = finding(world, {
    source: 'prowler',
    type,
    resources: [{ type: 'AWS::S3::Bucket', id: 'exports' }],
  })
  const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
  return { world, bucket, about, engine, live }
}

describe('of two places', () => {
  test('the one that was closed stays closed where the other cannot be, which is then tried alone', async () => {
    const { world, bucket, about, engine, live } = bothOpen()
    world.aws.fault({ on: 's3:PutBucketAcl', kind: 'deny' })
    const { runs } = await engine.handle([about], 'apply')
    expect(runs).toMatchObject([
      {
        outcome: 'failed',
        results: [
          { step: 'policy', status: 'applied' },
          { step: 'list', status: 'failed' },
        ],
      },
    ])
    const policyNow = bucket.values?.policy
    expect(policyNow).not.toBe(live?.policy)

    world.aws.clearFaults()
    const again = await engine.handle([{ ...about, version: '2', id: 'again' }], 'apply')
    expect(again.runs).toMatchObject([{ outcome: 'remediated', plan: { steps: [{ id: 'list' }] } }])
    expect(bucket.values?.policy).toBe(policyNow)
  })

  test('each is read back for itself where an answer is lost', async () => {
    const { world, about, engine } = bothOpen()
    world.aws.fault({ on: 's3:PutBucketPolicy', nth: 1, kind: 'loseAnswer' })
    world.aws.fault({ on: 's3:PutBucketAcl', nth: 1, kind: 'reset' })
    const { runs } = await engine.handle([about], 'apply')
    expect(runs).toMatchObject([
      {
        outcome: 'remediated',
        results: [
          { status: 'alreadyDone', knownBy: 'readBack' },
          { status: 'applied', knownBy: 'answer' },
        ],
      },
    ])
    expect(world.aws.changes()).toHaveLength(3)
  })

  test('both are closed although S3 has not judged the policy anew', async () => {
    const { bucket, about, engine } = bothOpen()
    bucket.more = { judgement: { IsPublic: true } }
    expect((await engine.handle([about], 'apply')).runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('one that somebody has changed meanwhile is not touched', async () => {
    const { world, bucket, about, engine } = bothOpen()
    world.aws.fault({
      on: 's3:PutBucketPolicy',
      nth: 1,
      kind: 'reset',
      before: () => {
        bucket.values = { ...bucket.values, policy: policyText({ ...open, Sid: 'New' }) }
      },
    })
    const { runs } = await engine.handle([about], 'apply')
    expect(runs).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('changed by somebody else') },
    ])
    expect(bucket.values?.policy).toBe(policyText({ ...open, Sid: 'New' }))
  })
})
