import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { closeOpenIngress as playbook } from '../../../playbooks/ec2/close-open-ingress.ts'
import type { Json } from '../../../src/playbook/json.ts'
import {
  carryOut,
  GROUP,
  GROUP_ARN,
  type GroupModel,
  groupModel,
  rule,
} from '../../support/security-group.ts'
import { look, place, planFor, planOf, stepsFor } from './open-ingress-plans.ts'

describe('the way there and back', () => {
  test('undo restores descriptions and tags, one call per distinct set of tags', async () => {
    const Tags = [
      { Key: 'owner', Value: 'netops' },
      { Key: 'aws:cloudformation:stack-name', Value: 'x' },
    ]
    const model = groupModel([
      rule('0.0.0.0/0', { Description: 'temporary', Tags }),
      rule('::/0', { Tags: Tags.toReversed() }),
      rule('0.0.0.0/0', { IpProtocol: '-1', FromPort: -1, ToPort: -1 }),
    ])
    const planned = await stepsFor(model)
    expect(planned.steps[0]?.undo).toEqual([
      {
        service: 'ec2',
        operation: 'AuthorizeSecurityGroupIngress',
        input: {
          GroupId: GROUP,
          IpPermissions: [
            {
              IpProtocol: 'tcp',
              FromPort: 22,
              ToPort: 22,
              IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'temporary' }],
            },
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
          ],
          TagSpecifications: [
            // Tags under aws: are AWS's own; nobody can put them back.
            { ResourceType: 'security-group-rule', Tags: [{ Key: 'owner', Value: 'netops' }] },
          ],
        },
      },
      {
        service: 'ec2',
        operation: 'AuthorizeSecurityGroupIngress',
        input: { GroupId: GROUP, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
      },
    ])
  })

  test('a step is to do, done in part or done, told by rule ids', async () => {
    const rules = [rule('0.0.0.0/0'), rule('::/0')]
    const model = groupModel([...rules, rule('10.0.0.0/8')])
    const plan = planOf(await stepsFor(model))
    const status = async () => playbook.status(plan.steps[0]!, (await look(model)).state, plan)
    expect(await status()).toBe('todo')
    model.rules = model.rules.slice(1)
    expect(await status()).toBe('partly')
    model.rules = model.rules.slice(1)
    expect(await status()).toBe('done')
    expect(plan.steps[0]?.permissions).toEqual([
      { action: 'ec2:RevokeSecurityGroupIngress', resource: GROUP_ARN },
    ])
  })

  test('a rule that somebody put back with another description is not what was there before', async () => {
    const model = groupModel([rule('0.0.0.0/0', { Description: 'ours' })])
    const plan = planOf(await stepsFor(model))
    model.rules = [rule('0.0.0.0/0', { Description: 'theirs' })]
    const now = playbook.observe((await look(model)).state, plan)
    expect(playbook.same(now, plan.before)).toBe(false)
    expect(playbook.same(now, plan.after)).toBe(false)
  })

  const sources = [
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '10.0.0.0/8',
    '198.51.100.7/32',
    'pl-0world',
    'sg-0peer',
  ]
  const anyRule = fc.record({
    source: fc.constantFrom(...sources),
    protocol: fc.constantFrom('tcp', 'udp', '-1', 'icmp'),
    ports: fc.constantFrom([22, 22] as const, [0, 65535] as const, [443, 443] as const, [20, 25] as const),
    description: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    owner: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  })
  const anyRules = fc
    .uniqueArray(anyRule, {
      maxLength: 12,
      selector: ({ source, protocol, ports }) =>
        [source, protocol, ...(protocol === '-1' ? [] : ports)].join(),
    })
    .map((rules) =>
      rules.map(({ source, protocol, ports: [FromPort, ToPort], description, owner }) =>
        rule(source, {
          IpProtocol: protocol,
          ...(protocol === '-1' ? { FromPort: -1, ToPort: -1 } : { FromPort, ToPort }),
          ...(description ? { Description: description } : {}),
          Tags: owner ? [{ Key: 'owner', Value: owner }] : [],
        }),
      ),
    )
  const lists = { 'pl-0world': ['0.0.0.0/0'] }

  test('what a plan changed needs no further change, touches nothing else, and undo brings all of it back', async () => {
    await fc.assert(
      fc.asyncProperty(anyRules, async (rules) => {
        const model = groupModel(rules, { lists })
        const planned = await planFor(model)
        if (planned.kind !== 'steps') return
        const plan = planOf(planned)
        for (const { call } of plan.steps) carryOut(model, call)
        expect(await planFor(model)).toMatchObject({ kind: 'compliant' })
        const after = (await look(model)).state
        expect(playbook.observe(after, plan)).toEqual(plan.after)
        expect(plan.steps.map((step) => playbook.status(step, after, plan))).toEqual(['done'])
        const gone = new Set(plan.steps[0]?.call.input.SecurityGroupRuleIds as string[])
        expect(model.rules).toEqual(rules.filter(({ SecurityGroupRuleId: id = '' }) => !gone.has(id)))

        const undo = plan.steps.flatMap((step) => (Array.isArray(step.undo) ? step.undo : []))
        const undoSteps = undo.map((call, index) => ({ ...plan.steps[0]!, id: `undo-${index}`, call }))
        expect(undoSteps.map((step) => playbook.status(step, after, plan))).toEqual(
          undoSteps.map(() => 'todo'),
        )
        for (const call of undo) carryOut(model, call)
        const restored = (await look(model)).state
        expect(playbook.same(playbook.observe(restored, plan), plan.before)).toBe(true)
        expect(undoSteps.map((step) => playbook.status(step, restored, plan))).toEqual(
          undoSteps.map(() => 'done'),
        )
        expect(await planFor(model)).toMatchObject({ kind: 'steps' })
      }),
    )
  })

  test('the order in which AWS lists the rules does not change the plan or its hash', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRules.chain((rules) =>
          fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
        ),
        async ([rules, shuffled]) => {
          const [one, other] = [
            await planFor(groupModel(rules, { lists })),
            await planFor(groupModel(shuffled, { lists })),
          ]
          expect(other).toEqual(one)
          if (one.kind === 'steps' && other.kind === 'steps')
            expect(planOf(other).hash).toBe(planOf(one).hash)
        },
      ),
    )
  })

  test('the hash holds what goes, not the other rules, the tags of the group or the prose', async () => {
    const open = rule('0.0.0.0/0')
    const hash = async (model: GroupModel): Promise<string> => planOf(await stepsFor(model)).hash
    const alone = await hash(groupModel([open]))
    const Tags = [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }]
    const group = { GroupId: GROUP, OwnerId: place.account, Tags }
    expect(await hash(groupModel([rule('198.51.100.0/24'), open], { group }))).toBe(alone)
    expect(await hash(groupModel([{ ...open, Description: 'another' }]))).not.toBe(alone)
  })

  test('plan, before and after survive storage as they are', async () => {
    const planned = await stepsFor(groupModel([rule('0.0.0.0/0', { Description: 'x' })]))
    expect(JSON.parse(JSON.stringify(planned)) as Json).toEqual(planned)
  })
})
