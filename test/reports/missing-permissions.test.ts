import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  MissingTally,
  mergedPolicy,
  missingPermissions,
  unlistedSentence,
} from '../../src/reports/rehearsal/missing-permissions.ts'
import { granting, type MissingPermission } from '../../src/run/rehearsed/missing-permission.ts'
import { sampleRun } from '../support/sample-run.ts'

const ROLE = 'arn:aws:iam::123456789012:role/rectify'
const lack = (
  action: string,
  resource: string,
  more: Partial<MissingPermission> = {},
): MissingPermission => ({
  action,
  resource,
  principal: ROLE,
  where: 'hub',
  statement: granting(action, resource),
  ...more,
})
const run = (id: string, ...missing: MissingPermission[]) =>
  sampleRun({
    id,
    results: [{ step: 'set', status: 'simulatedDenied', by: 'SimulatePrincipalPolicy', missing }],
  })

describe('what is missing over a rehearsal of any length', () => {
  const OTHER = 'arn:aws:iam::210987654321:role/rectify'
  const tally = new MissingTally()
  const add = (from: number, to: number, missing: (n: number) => MissingPermission[]) => {
    for (let n = from; n < to; n++) tally.add(run(String(n), ...missing(n)))
  }
  add(0, 3_000, (n) => [lack('sns:SetTopicAttributes', `topic-${n}`)])
  add(3_000, 4_500, () => [
    lack('s3:PutBucketPolicy', 'bucket', { principal: OTHER }),
    lack('sns:SetTopicAttributes', 'a-topic'),
  ])
  add(4_500, 4_501, () => [lack('kms:EnableKeyRotation', 'key')])
  const [own, other] = tally.list()

  test('names each action of each principal, however many runs lacked another before', () => {
    expect([...new Set(own?.permissions.map(({ action }) => action))]).toEqual([
      'kms:EnableKeyRotation',
      'sns:SetTopicAttributes',
    ])
    expect(other).toMatchObject({
      principal: OTHER,
      permissions: [{ action: 's3:PutBucketPolicy', resource: 'bucket' }],
      policy: { Statement: [{ Action: ['s3:PutBucketPolicy'], Resource: 'bucket' }] },
    })
  })

  test('says how many it stops in all, and that not all of their resources are listed', () => {
    expect([own?.stopped, other?.stopped]).toEqual([4_501, 1_500])
    expect(unlistedSentence(own!)).toMatch(
      /^2500 more runs lack some of these actions, and maybe on resources/,
    )
    expect(unlistedSentence({ stopped: 3, runs: ['1', '2', '3'] })).toBeUndefined()
  })
})

describe('what is missing over a rehearsal', () => {
  test('is told per principal and layer, each permission once, with the runs it stops and one policy to paste', () => {
    const denied = { none: 'a service control policy does not let it through' }
    expect(
      missingPermissions([
        run('1', lack('sns:SetTopicAttributes', 'topic-a')),
        run('2', lack('sns:SetTopicAttributes', 'topic-b'), lack('sns:TagResource', 'topic-b')),
        run('3', lack('sns:SetTopicAttributes', 'topic-a')),
        run('4', lack('s3:PutBucketAcl', 'bucket', { where: 'organization', statement: denied })),
        sampleRun({ id: '5' }),
      ]),
    ).toEqual([
      {
        principal: ROLE,
        where: 'hub',
        runs: ['1', '2', '3'],
        stopped: 3,
        permissions: [
          { action: 'sns:SetTopicAttributes', resource: 'topic-a', runs: ['1', '3'] },
          { action: 'sns:SetTopicAttributes', resource: 'topic-b', runs: ['2'] },
          { action: 'sns:TagResource', resource: 'topic-b', runs: ['2'] },
        ],
        policy: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: ['sns:SetTopicAttributes'], Resource: 'topic-a' },
            { Effect: 'Allow', Action: ['sns:SetTopicAttributes', 'sns:TagResource'], Resource: 'topic-b' },
          ],
        },
      },
      {
        principal: ROLE,
        where: 'organization',
        runs: ['4'],
        stopped: 1,
        permissions: [{ action: 's3:PutBucketAcl', resource: 'bucket', runs: ['4'], none: denied.none }],
        policy: null,
      },
    ])
  })

  test('is nothing where nothing is missing', () => {
    expect(missingPermissions([sampleRun()])).toEqual([])
  })
})

describe('a merged policy', () => {
  test('puts resources with the same actions together, and leaves out what is granted everywhere', () => {
    const statements = [
      granting('s3:A', 'one'),
      granting('s3:A', 'two'),
      granting('s3:B', '*'),
      granting('s3:B', 'two'),
    ]
    expect(mergedPolicy(statements)?.Statement).toEqual([
      { Effect: 'Allow', Action: ['s3:A'], Resource: ['one', 'two'] },
      { Effect: 'Allow', Action: ['s3:B'], Resource: '*' },
    ])
  })

  test('grants all that was missing, and nothing else', () => {
    const some = fc.record({
      action: fc.constantFrom('a:A', 'a:B', 'b:C'),
      resource: fc.constantFrom('*', '1', '2', '3'),
    })
    fc.assert(
      fc.property(fc.array(some, { minLength: 1 }), (missing) => {
        const { Statement } = mergedPolicy(missing.map(({ action, resource }) => granting(action, resource)))!
        const granted = Statement.flatMap(({ Action, Resource }) =>
          Action.flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
        )
        const wanted = missing.map(({ action, resource }) => `${action} ${resource}`)
        expect(wanted).toEqual(expect.arrayContaining(granted))
        for (const { action, resource } of missing)
          expect(granted.includes(`${action} ${resource}`) || granted.includes(`${action} *`)).toBe(true)
        expect(new Set(granted).size).toBe(granted.length)
      }),
    )
  })
})
