import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { permissionOf } from '../../../playbooks/lambda/permission.ts'
import { removePublicPermission } from '../../../playbooks/lambda/remove-public-permission.ts'
import type { Statement } from '../../../src/playbook/policy-document/policy-grammar.ts'
import { AUTO, finding, newWorld, start } from '../../engine/simulated-world.ts'
import { fakeReader, notFound } from '../../support/reader.ts'
import type { LiveResource } from '../setting-table.ts'
import { table } from './remove-public-permission.table.ts'
import { writtenPermission } from './written-permission.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:resize'
const open: Statement = {
  Sid: 'Open',
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunction',
  Resource: ARN,
}
const uploads = { ...open, Sid: 'Uploads', Principal: { Service: 's3.amazonaws.com' } }

describe('a permission', () => {
  const optional = (value: string) => fc.option(fc.constant(value), { nil: undefined })
  const input = fc.record({
    StatementId: fc.stringMatching(/^[\w-]{1,20}$/),
    Action: fc.constantFrom('lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'),
    Principal: fc.constantFrom('*', 's3.amazonaws.com', 'arn:aws:iam::444455556666:root'),
    SourceArn: optional('arn:aws:s3:::uploads'),
    SourceAccount: optional('123456789012'),
    PrincipalOrgID: optional('o-a1b2c3d4e5'),
    EventSourceToken: optional('amzn1.ask.skill'),
    FunctionUrlAuthType: optional('NONE'),
    InvokedViaFunctionUrl: fc.option(fc.constant(true), { nil: undefined }),
    Qualifier: optional('live'),
  })

  test('that was added is added again by the same input', () => {
    fc.assert(
      fc.property(input, (fields) => {
        const given = JSON.parse(JSON.stringify({ FunctionName: 'resize', ...fields }))
        const { Qualifier: qualifier } = given
        const resource = qualifier ? `${ARN}:${qualifier}` : ARN
        const statement = writtenPermission(given, ARN)
        const known = { name: 'resize', resource, ...(qualifier && { qualifier }), statement }
        expect(permissionOf(known)).toEqual(given)
      }),
    )
  })

  test.each<[string, object]>([
    ['a denial', { Effect: 'Deny' }],
    ['no name', { Sid: undefined }],
    ['several actions', { Action: ['lambda:InvokeFunction', 'lambda:GetFunction'] }],
    ['no action', { Action: undefined, NotAction: 'lambda:GetFunction' }],
    ['several principals', { Principal: { AWS: ['*', '444455556666'] } }],
    ['an identity provider', { Principal: { AWS: '*', Federated: 'accounts.google.com' } }],
    ['another function', { Resource: `${ARN}-2` }],
    ['a key that no field makes', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }],
    ['an operator that no field makes', { Condition: { StringLike: { 'AWS:SourceAccount': '1' } } }],
    ['two values', { Condition: { StringEquals: { 'AWS:SourceAccount': ['1', '2'] } } }],
  ])('with %s was added by something else', (_, more) => {
    const statement = JSON.parse(JSON.stringify({ ...open, ...more }))
    expect(permissionOf({ name: 'resize', resource: ARN, statement })).toBeUndefined()
  })
})

/** A world with a function that has these statements, and what AWS Config says of it. */
function worldWith(...statements: Statement[]) {
  const world = newWorld(AUTO)
  const fn: LiveResource = { isThere: true, values: { $LATEST: statements }, tags: [], more: {} }
  world.aws.answeringAll(table.aws(fn))
  const about = finding(world, {
    source: 'config',
    type: table.finding.type,
    resources: [{ type: 'AWS::Lambda::Function', id: 'resize' }],
  })
  const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
  return { world, fn, apply: async () => (await engine.handle([about], 'apply')).runs[0]! }
}

test('a step of an alias may do and take back what it calls, on the alias and its function', async () => {
  const { fn, apply } = worldWith(open)
  fn.values = { live: [{ ...open, Resource: `${ARN}:live` }] }
  const [step] = (await apply()).plan!.steps
  const granted = step!.permissions.map(({ action, resource }) => `${action} ${resource}`)
  expect(granted.sort()).toEqual(
    ['Add', 'Remove'].flatMap((verb) => ['', ':live'].map((at) => `lambda:${verb}Permission ${ARN}${at}`)),
  )
})

describe('a trigger of S3', () => {
  test('is put back as it was where it cannot be written anew, and the public stays out', async () => {
    const { world, fn, apply } = worldWith(uploads, open)
    world.aws.fault({ on: 'lambda:AddPermission', nth: 1, kind: 'deny' })
    expect(await apply()).toMatchObject({
      outcome: 'rolledBack',
      results: [{ status: 'applied' }, { status: 'undone' }, { status: 'failed' }],
    })
    expect(fn.values).toEqual({ $LATEST: [uploads] })
  })

  test('is written anew once where an answer is lost', async () => {
    const { world, fn, apply } = worldWith(uploads)
    for (const on of ['lambda:RemovePermission', 'lambda:AddPermission'])
      world.aws.fault({ on, nth: 1, kind: 'loseAnswer' })
    expect(await apply()).toMatchObject({ outcome: 'remediated' })
    expect(world.aws.changes()).toHaveLength(2)
    expect(fn.values).toMatchObject({ $LATEST: [{ Condition: { StringEquals: expect.anything() } }] })
  })
})

test('a policy that somebody changes between look and change is left to him', async () => {
  const { world, fn, apply } = worldWith(open)
  const theirs: Statement = { ...open, Principal: { AWS: 'arn:aws:iam::444455556666:root' } }
  world.aws.fault({
    on: 'lambda:RemovePermission',
    nth: 1,
    before: () => {
      fn.values = { $LATEST: [theirs] }
    },
  })
  expect(await apply()).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('changed by somebody else'),
  })
  expect(fn.values).toEqual({ $LATEST: [theirs] })
})

test('a version that a detector names is looked at as well', async () => {
  const asked: unknown[] = []
  const reader = fakeReader({
    'lambda:ListAliases': () => ({ Aliases: [{ Name: 'live' }] }),
    'lambda:GetPolicy': ({ Qualifier }: { Qualifier?: string }) => {
      asked.push(Qualifier)
      throw notFound('lambda:GetPolicy', 'ResourceNotFoundException')
    },
  })
  const about = finding(newWorld(), {
    source: 'accessanalyzer',
    type: 'ExternalAccess:AWS::Lambda::Function',
    resources: [
      { type: 'AWS::Lambda::Function', id: `${ARN}:7` },
      { type: 'AWS::Lambda::Function', id: `${ARN}-2:8` },
    ],
  })
  const none = { addresses: [] }
  const targets = await removePublicPermission.targets(about, {}, reader, none)
  expect(targets).toMatchObject([{ id: 'resize', resource: ARN }, { id: 'resize-2' }])
  const [target] = targets as { id: string; resource: string; key: string }[]
  const seen = await removePublicPermission.inspect(target!, {}, reader, { first: false, findings: [about] })
  expect(seen).toMatchObject({ state: { policies: [] } })
  expect(asked).toEqual([undefined, 'live', '7'])
})
