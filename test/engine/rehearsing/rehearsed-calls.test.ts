import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import { checksWhenAsked } from '../../../src/engine/rehearsing/checks-when-asked.ts'
import { whoChanges } from '../../../src/engine/rehearsing/who-changes.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { call } from '../../../src/playbook/api.ts'
import { config } from '../../../src/playbook/matchers.ts'
import { definePlaybook } from '../../../src/playbook/playbook.ts'
import type { StepResult } from '../../../src/run/run.ts'
import { type Fields, failure } from '../../support/aws-model/failure.ts'
import { AUTO, finding, newWorld, start, type World } from '../simulated-world.ts'

const ARN = 'arn:{partition}:sns:{region}:{account}:{id}'
const ROLE = 'arn:aws:iam::123456789012:role/of/path/rectify'
const topic = (name: string) => `arn:aws:sns:eu-west-1:123456789012:${name}`

/** Sets a policy that nobody is let in by; its permissions are those of the call and of one that the undo needs. */
const playbookCalled = (id: string, tags: Record<string, string> = {}) =>
  definePlaybook<object, Record<string, never>>({
    id,
    title: id,
    implements: [],
    resource: 'AWS::SNS::Topic',
    answers: [config(id)],
    parameters: z.strictObject({}),
    suggestedMode: 'auto',
    arn: ARN,
    tagsOf: 'the topic',
    reads: [],
    writes: [{ action: 'sns:SetTopicAttributes', resource: ARN }],
    inspect: async () => ({ state: {}, tags }),
    plan: (_state, _findings, _parameters, { resource }) => ({
      kind: 'steps',
      before: { of: id },
      after: null,
      steps: [
        {
          kind: 'call',
          id: 'set',
          summary: `set ${id}`,
          call: call('sns', 'SetTopicAttributes', { TopicArn: resource, AttributeName: 'DisplayName' }),
          undo: { irreversible: 'it is a test' },
          permissions: [
            { action: 'sns:SetTopicAttributes', resource },
            { action: `sns:${id}`, resource },
          ],
        },
      ],
    }),
    observe: () => null,
    status: () => 'todo',
  })

interface Asked {
  actions: string[]
  resources: string[]
  context: Record<string, string>
  unbounded: boolean
}
type Simulated = { decision: string; missing?: string[]; boundary?: boolean }

/** IAM as far as it simulates; what it is asked is written down. */
function simulating(
  world: World,
  decide: (action: string, resource: string, asked: Asked) => Simulated,
  organization: (resources: readonly string[]) => boolean = () => true,
) {
  const calls: Asked[] = []
  world.aws.answering('iam', {
    GetRole: ({ RoleName }) => ({ Role: { Arn: ROLE, RoleName } }),
    SimulatePrincipalPolicy(input): Fields {
      const {
        ActionNames,
        ResourceArns = ['*'],
        ContextEntries,
        PermissionsBoundaryPolicyInputList,
      } = input as {
        ActionNames: string[]
        ResourceArns?: string[]
        ContextEntries: { ContextKeyName: string; ContextKeyValues: string[] }[]
        PermissionsBoundaryPolicyInputList?: string[]
      }
      const asked: Asked = {
        actions: ActionNames,
        resources: ResourceArns,
        context: Object.fromEntries(
          ContextEntries.map((each) => [each.ContextKeyName, each.ContextKeyValues.join()]),
        ),
        unbounded: PermissionsBoundaryPolicyInputList !== undefined,
      }
      calls.push(asked)
      return {
        EvaluationResults: ActionNames.map((action) => {
          const own = ResourceArns.map((resource) => {
            const { decision, missing = [], boundary = true } = decide(action, resource, asked)
            return {
              EvalResourceName: resource,
              EvalResourceDecision: decision,
              MissingContextValues: missing,
              PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary },
            }
          })
          const allowed = own.every(({ EvalResourceDecision }) => EvalResourceDecision === 'allowed')
          return {
            EvalActionName: action,
            EvalResourceName: 'the form of ARN that topics have',
            EvalDecision: allowed ? 'allowed' : 'implicitDeny',
            ResourceSpecificResults: own,
            OrganizationsDecisionDetail: { AllowedByOrganizations: organization(ResourceArns) },
          }
        }),
      }
    },
  })
  return calls
}

const about = (world: World, type: string, name: string): Finding =>
  finding(world, { source: 'config', type, resources: [{ type: 'AWS::SNS::Topic', id: topic(name) }] })

/** Rehearses one topic. */
async function rehearsed(
  world: World,
  intent: 'rehearse' | 'apply' = 'rehearse',
  tags = {},
): Promise<StepResult[]> {
  const checks = checksWhenAsked(world.aws, world.clock)
  const { engine } = start(world, { playbooks: [playbookCalled('Only', tags)], checks })
  const { runs } = await engine.handle([about(world, 'Only', 'orders')], intent)
  return runs[0]!.results
}

const allowed = () => ({ decision: 'allowed' })
const denied = () => ({ decision: 'implicitDeny' })
const BESIDE = { status: 'notCheckable', why: expect.stringContaining('policy of the resource itself') }

describe('a rehearsal asks IAM about a call that has no dry run', () => {
  test('and says what was not asked beside it', async () => {
    const world = newWorld(AUTO)
    const calls = simulating(world, allowed)
    expect(await rehearsed(world)).toMatchObject([
      { step: 'set', status: 'simulatedOk', by: 'SimulatePrincipalPolicy' },
      BESIDE,
    ])
    expect(calls).toEqual([
      {
        actions: ['sns:Only', 'sns:SetTopicAttributes'],
        resources: [topic('orders')],
        context: {
          'aws:PrincipalAccount': '123456789012',
          'aws:PrincipalArn': world.aws.caller.arn,
          'aws:RequestedRegion': 'eu-west-1',
          'aws:SecureTransport': 'true',
        },
        unbounded: false,
      },
    ])
  })

  test('of a session it asks about the role, by its whole ARN', async () => {
    const world = newWorld(AUTO)
    simulating(world, (action) => ({ decision: action === 'sns:Only' ? 'implicitDeny' : 'allowed' }))
    world.aws.caller = { ...world.aws.caller, arn: 'arn:aws:sts::123456789012:assumed-role/rectify/me' }
    const results = await rehearsed(world)
    expect(results).toMatchObject([
      {
        status: 'simulatedDenied',
        by: 'SimulatePrincipalPolicy',
        error: { name: 'denied', code: 'implicitDeny', action: 'sns:Only', principal: ROLE },
      },
      BESIDE,
    ])
    expect(results[0]!.missing).toEqual([
      {
        action: 'sns:Only',
        resource: topic('orders'),
        principal: ROLE,
        where: 'hub',
        statement: { Effect: 'Allow', Action: 'sns:Only', Resource: topic('orders') },
      },
    ])
  })

  test.each([
    ['arn:aws:iam::123456789012:root', /the root user/],
    ['arn:aws:sts::123456789012:federated-user/ann', /simulates roles and users only/],
  ])('of %s nobody can be asked', async (arn, why) => {
    const world = newWorld(AUTO)
    const calls = simulating(world, allowed)
    world.aws.caller = { ...world.aws.caller, arn }
    expect(await rehearsed(world)).toMatchObject([
      { status: 'notCheckable', why: expect.stringMatching(why) },
    ])
    expect(calls).toEqual([])
  })

  test('only where a rehearsal was asked for', async () => {
    const world = newWorld('version: 1\nrules:\n  - mode: rehearse\n')
    const calls = simulating(world, denied)
    const [only, ...others] = await rehearsed(world, 'apply')
    expect({ ...only, at: '' }).toEqual({ step: 'set', status: 'notCheckable', at: '' })
    expect([others, calls]).toEqual([[], []])
  })
})

describe('a denial is told by its layer', () => {
  const missing = async (world: World) =>
    (await rehearsed(world))[0]!.missing!.map(({ action, where, statement }) => ({
      action,
      where,
      granted: 'Effect' in statement,
    }))

  test('the organization: no statement helps', async () => {
    const world = newWorld(AUTO)
    simulating(world, denied, () => false)
    expect(await missing(world)).toEqual([
      { action: 'sns:SetTopicAttributes', where: 'organization', granted: false },
      { action: 'sns:Only', where: 'organization', granted: false },
    ])
  })

  test('the organization for the one resource that it is about, though IAM says so of all that are asked together', async () => {
    const world = newWorld(AUTO)
    simulating(world, denied, (resources) => !resources.includes(topic('topic-1')))
    const { results } = await manyRehearsed(world, 1, 3)
    const layers = results.flatMap(({ missing: all = [] }) =>
      all.map(({ resource, where }) => `${resource.slice(-7)} ${where}`),
    )
    expect([...new Set(layers)].sort()).toEqual(['topic-0 hub', 'topic-1 organization', 'topic-2 hub'])
  })

  test('the role of the member account, where it is that of another account', async () => {
    const { aws } = newWorld(AUTO)
    aws.changesAs = async () => 'arn:aws:iam::210987654321:role/RectifyChange'
    expect(await whoChanges(aws, { ...aws.place, account: '210987654321' })).toEqual({
      arn: 'arn:aws:iam::210987654321:role/RectifyChange',
      where: 'member',
    })
  })

  test('the boundary, and below it the role where that does not allow it either', async () => {
    const world = newWorld(AUTO)
    simulating(world, (action, _resource, { unbounded }) => {
      const isOwn = action === 'sns:Only' || unbounded === false
      return { decision: isOwn ? 'implicitDeny' : 'allowed', boundary: unbounded }
    })
    expect(await missing(world)).toEqual([
      { action: 'sns:SetTopicAttributes', where: 'boundary', granted: true },
      { action: 'sns:Only', where: 'boundary', granted: true },
      { action: 'sns:Only', where: 'hub', granted: true },
    ])
  })

  test('an explicit denial: no other statement helps', async () => {
    const world = newWorld(AUTO)
    simulating(world, () => ({ decision: 'explicitDeny' }))
    expect((await missing(world)).map(({ granted }) => granted)).toEqual([false, false])
  })
})

describe('conditions', () => {
  const missing = ['aws:ResourceTag/team', 'aws:ResourceTag/none']

  test('on tags are answered with the tags that the resource has', async () => {
    const world = newWorld(AUTO)
    const calls = simulating(world, (_action, _resource, { context }) =>
      context['aws:ResourceTag/team'] === 'pay'
        ? { decision: 'allowed', missing: [missing[1]!] }
        : { decision: 'implicitDeny', missing },
    )
    expect(await rehearsed(world, 'rehearse', { team: 'pay' })).toMatchObject([
      { status: 'simulatedOk' },
      BESIDE,
    ])
    expect(calls).toHaveLength(2)
  })

  test('that only the call itself can meet leave nothing that could be called allowed', async () => {
    const world = newWorld(AUTO)
    simulating(world, () => ({ decision: 'allowed', missing: ['aws:SourceIp'] }))
    expect(await rehearsed(world)).toMatchObject([
      { status: 'notCheckable', by: 'SimulatePrincipalPolicy', why: expect.stringContaining('aws:SourceIp') },
      BESIDE,
    ])
  })
})

describe('where the simulator does not answer', () => {
  test('a denial is told as the reason, and it is not asked again', async () => {
    const world = newWorld(AUTO)
    world.aws.fault({ on: 'iam:SimulatePrincipalPolicy', kind: 'deny' })
    const { results, simulations } = await manyRehearsed(world, 1, 300)
    expect(new Set(results.map(({ status, why }) => `${status} ${why?.slice(0, 28)}`))).toEqual(
      new Set(['notCheckable iam:SimulatePrincipalPolicy:', 'notCheckable the policy of the resource i']),
    )
    expect(simulations).toBe(1)
  })

  test('one action that it does not take spoils no answer about another', async () => {
    const world = newWorld(AUTO)
    simulating(world, (action) => {
      if (action === 'sns:Only')
        throw failure('iam:SimulatePrincipalPolicy', 'InvalidInput', 'no such action')
      return { decision: 'implicitDeny' }
    })
    expect(await rehearsed(world)).toMatchObject([
      { status: 'simulatedDenied', missing: [{ action: 'sns:SetTopicAttributes' }] },
      { status: 'notCheckable', why: 'iam:SimulatePrincipalPolicy: no such action' },
      BESIDE,
    ])
  })
})

/** Findings of so many kinds, as often; what was said of them, and how often IAM was asked. */
async function manyRehearsed(world: World, kinds: number, each: number) {
  const ids = Array.from({ length: kinds }, (_, kind) => `Kind${kind}`)
  const findings = Array.from({ length: kinds * each }, (_, n) => about(world, ids[n % kinds]!, `topic-${n}`))
  const checks = checksWhenAsked(world.aws, world.clock)
  const playbooks = ids.map((id) => playbookCalled(id))
  const { runs } = await start(world, { playbooks, checks }).engine.handle(findings, 'rehearse')
  expect(runs).toHaveLength(findings.length)
  const simulations = world.aws.calls.filter(
    ({ operation }) => operation === 'SimulatePrincipalPolicy',
  ).length
  return { results: runs.flatMap(({ results }) => results), simulations }
}

describe('1,000 findings of 10 playbooks', () => {
  test('cost some tens of simulation calls, and each is answered for itself', async () => {
    const world = newWorld(AUTO)
    simulating(world, (_action, resource) => ({
      decision: resource.endsWith('7') ? 'implicitDeny' : 'allowed',
    }))
    const { results, simulations } = await manyRehearsed(world, 10, 100)
    expect(simulations).toBeLessThanOrEqual(60)
    expect(results.filter(({ status }) => status === 'simulatedOk')).toHaveLength(900)
    expect(results.filter(({ status }) => status === 'simulatedDenied')).toHaveLength(100)
  })
})
