import { describe, expect, test } from '@jest/globals'
import { blockAttackerIp as playbook } from '../../../playbooks/wafv2/block-attacker-ip.ts'
import type { Plan } from '../../../src/playbook/plan.ts'
import { isGoneLook } from '../../../src/playbook/playbook.ts'
import type { UndoCall } from '../../../src/playbook/step.ts'
import { type FakeReader, notFound } from '../../support/reader.ts'
import { steps } from '../planned.ts'
import {
  ARN4,
  ATTACKER,
  account,
  asPlan,
  defaults,
  look,
  NOTHING,
  planOf,
  targetsOf,
} from './account-that-blocks.ts'
import { on, probe } from './port-probe-finding.ts'

describe('inspecting', () => {
  test('a set that is not there is gone', async () => {
    const [target] = await targetsOf(ATTACKER, account())
    const gone = () => {
      throw notFound('wafv2:GetIPSet', 'WAFNonexistentItemException')
    }
    const seen = await playbook.inspect(target!, defaults, account({ 'wafv2:GetIPSet': gone }), {
      first: true,
      findings: [ATTACKER],
    })
    expect(isGoneLook(seen)).toBe(true)
  })

  test('our own addresses are looked for where the finding is as well', async () => {
    const aws = account()
    const [target] = await targetsOf(ATTACKER, aws)
    aws.calls.length = 0
    const there = aws.at('us-east-1') as FakeReader
    await playbook.inspect(target!, defaults, there, { first: false, findings: [ATTACKER] })
    const asked = aws.calls.filter(({ action }) => action === 'ec2:DescribeAddresses')
    expect(asked.map(({ region }) => region).sort()).toEqual(['eu-central-1', 'us-east-1'])
  })

  test('after the change one call proves it', async () => {
    const aws = account({ entries: () => ['52.1.1.1/32'] })
    const [target] = await targetsOf(ATTACKER, aws)
    aws.calls.length = 0
    await look(target!, ATTACKER, aws, false)
    expect(aws.calls.map(({ action }) => action)).toEqual(['wafv2:GetIPSet'])
  })

  test('a set named by a person is found by ARN or name, and there is no address to block', async () => {
    for (const name of [ARN4, 'rectify-block-v4']) {
      const target = playbook.named(name, {
        account: '111122223333',
        region: 'eu-central-1',
        partition: 'aws',
      })
      const manual = probe({ ports: [80, 443] }, { source: 'manual' })
      const { state } = await look(target, manual, account())
      expect(playbook.plan(state, [manual], defaults, target, NOTHING)).toEqual({
        kind: 'notApplicable',
        reason: 'the finding names no remote address',
      })
    }
  })
})

describe('where a step stands', () => {
  test.each([
    [[], 'todo', { addresses: [] }],
    [['52.1.1.1/32'], 'partly', { addresses: ['52.1.1.1/32'], expiresAfter: 'PT24H' }],
    [
      ['52.1.1.1/32', '52.1.1.2/32', '9.9.9.9/32'],
      'done',
      { addresses: ['52.1.1.1/32', '52.1.1.2/32'], expiresAfter: 'PT24H' },
    ],
  ])('with %j in the set: %s', async (entries, status, observed) => {
    const finding = probe({ remotes: on(80, '52.1.1.1', '52.1.1.2') })
    const { planned, target } = await planOf(finding, account())
    const plan = asPlan(steps(planned))
    const { state } = await look(target, finding, account({ entries: () => entries }), false)
    expect(playbook.status(plan.steps[0]!, state, plan)).toBe(status)
    expect(playbook.observe(state, plan)).toEqual(observed)
  })

  test('an undo is done when its entries are out, and shows the same states the other way round', async () => {
    const { planned, target } = await planOf(ATTACKER, account())
    const {
      steps: [step],
      before,
      after,
    } = steps(planned)
    const undo = {
      steps: [{ ...step, ...(step!.undo as UndoCall[])[0] }],
      before: after,
      after: before,
    } as Plan
    for (const [entries, status, observed] of [
      [['52.1.1.1/32'], 'todo', after],
      [[], 'done', before],
    ] as const) {
      const { state } = await look(target, ATTACKER, account({ entries: () => [...entries] }), false)
      expect(playbook.status(undo.steps[0]!, state, undo)).toBe(status)
      expect(playbook.observe(state, undo)).toEqual(observed)
    }
  })
})

test('the impact is what stands behind the web ACL', async () => {
  const { state, target } = await planOf(ATTACKER, account())
  expect(
    await playbook.impact(state, account(), target, { before: {}, after: {} }, playbook.parameters.parse({})),
  ).toMatchObject({
    summary: 'web ACL shop (rule block-list) drops what these addresses send to 1 resource',
    affected: [{ type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', id: 'arn:alb' }],
    count: 1,
  })
})

test('it reads only what it declares', async () => {
  const group = 'arn:aws:wafv2:eu-central-1:111122223333:regional/rulegroup/attackers/g1'
  const refers = { Name: 'group', Priority: 0, Statement: { RuleGroupReferenceStatement: { ARN: group } } }
  const rules = {
    Name: 'block',
    Priority: 0,
    Action: { Block: {} },
    Statement: { IPSetReferenceStatement: { ARN: ARN4 } },
  }
  const aws = account({
    'wafv2:GetWebACL': () => ({ WebACL: { Name: 'shop', ARN: 'arn:shop', Rules: [refers] } }),
    'wafv2:GetRuleGroup': () => ({ RuleGroup: { Rules: [rules] } }),
  })
  expect((await planOf(ATTACKER, aws)).planned).toMatchObject({ kind: 'steps' })
  expect(new Set(aws.calls.map(({ action }) => action))).toEqual(new Set(playbook.reads))
})
