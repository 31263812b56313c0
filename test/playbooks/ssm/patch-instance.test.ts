import { describe, expect, test } from '@jest/globals'
import { patchInstance as playbook } from '../../../playbooks/ssm/patch-instance.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import type { Plan } from '../../../src/playbook/plan.ts'
import { isGoneLook, isNotApplicable } from '../../../src/playbook/playbook.ts'
import { SENT_AFTER } from '../../../src/playbook/step.ts'
import { steps } from '../planned.ts'
import {
  ARN,
  defaults,
  finding,
  ID,
  look,
  machine,
  NOTHING,
  planOf,
  rebooting,
  TARGET,
} from './patched-machine.ts'

describe('the target', () => {
  test.each([ID, `AWS::SSM::ManagedInstanceInventory/${ID}`])('is the instance of %s', async (id) => {
    expect(await playbook.targets(finding(id), defaults, machine(), NOTHING)).toEqual([TARGET])
  })

  test.each([
    ['mi-0abc1234def567890', 'hybrid node'],
    ['AWS::SSM::ManagedInstanceInventory/mi-0abc1234def567890', 'hybrid node'],
  ])('is not %s: %s', async (id, why) => {
    const targets = await playbook.targets(finding(id), defaults, machine(), NOTHING)
    expect(isNotApplicable(targets) && targets.reason).toContain(why)
  })

  test('is not understood where the finding names something else', async () => {
    expect(await playbook.targets(finding('something'), defaults, machine(), NOTHING)).toMatchObject([
      {
        notUnderstood: expect.stringContaining('"something" is neither id nor ARN of an AWS::EC2::Instance'),
      },
    ])
  })

  test('can be named by id', () => {
    const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
    expect(playbook.named(ID, place)).toEqual(TARGET)
  })
})

describe('inspecting', () => {
  test.each(['terminated', 'shutting-down'])('an instance that is %s is gone', async (power) => {
    const look = { first: true, findings: [] }
    expect(isGoneLook(await playbook.inspect(TARGET, defaults, machine({ power }), look))).toBe(true)
  })

  test('an instance that is listed without a state is not gone', async () => {
    const listed = { Reservations: [{ Instances: [{ InstanceId: ID }] }] }
    const { state } = await look(machine({}, { 'ec2:DescribeInstances': () => listed }))
    expect(state).toMatchObject({ power: 'in no known state' })
  })

  test('an instance that is not listed is gone', async () => {
    const aws = machine({}, { 'ec2:DescribeInstances': () => ({ Reservations: [] }) })
    expect(isGoneLook(await playbook.inspect(TARGET, defaults, aws, { first: true, findings: [] }))).toBe(
      true,
    )
  })

  test('reads tags, asks for this instance by filter, and the state survives storage', async () => {
    const tags = [
      { Key: 'Name', Value: 'web-1' },
      { Key: 'aws:autoscaling:groupName', Value: 'web' },
    ]
    const aws = machine({ tags })
    const seen = await look(aws)
    expect(seen.tags).toEqual({ Name: 'web-1', 'aws:autoscaling:groupName': 'web' })
    expect(JSON.parse(JSON.stringify(seen.state))).toEqual(seen.state)
    expect(aws.calls[0]?.input).toEqual({ Filters: [{ Name: 'instance-id', Values: [ID] }] })
    expect(await playbook.impact(seen.state, aws, TARGET, { before: {}, after: {} }, defaults)).toMatchObject(
      {
        summary: `instance web-1 (${ID}), running, in Auto Scaling group web`,
        count: 1,
      },
    )
  })
})

describe('the plan', () => {
  test('is one patch run without a restart, which cannot be undone nor blindly repeated', async () => {
    const plan = steps(
      await planOf({ patches: { MissingCount: 3, FailedCount: 1, InstalledPendingRebootCount: 2 } }),
    )
    expect(plan.steps).toHaveLength(1)
    expect(plan.steps[0]).toMatchObject({
      call: {
        service: 'ssm',
        operation: 'SendCommand',
        input: {
          DocumentName: 'AWS-RunPatchBaseline',
          InstanceIds: [ID],
          Parameters: { Operation: ['Install'], RebootOption: ['NoReboot'] },
          TimeoutSeconds: 600,
        },
      },
      undo: { irreversible: expect.stringContaining('snapshot') },
      kind: 'command',
      mark: {
        field: 'Comment',
        // By node it would be found only once the node has it.
        find: {
          service: 'ssm',
          operation: 'ListCommands',
          input: {
            Filters: [
              { key: 'DocumentName', value: 'AWS-RunPatchBaseline' },
              { key: 'InvokedAfter', value: SENT_AFTER },
            ],
          },
        },
        items: 'Commands',
        id: 'CommandId',
      },
      settles: { timeoutSeconds: 3600 },
      permissions: [
        { action: 'ssm:SendCommand', resource: ARN },
        { action: 'ssm:SendCommand', resource: 'arn:aws:ssm:eu-central-1::document/AWS-RunPatchBaseline' },
      ],
    })
    expect(plan.before).toEqual({ missing: 3, failed: 1, pendingReboot: 2 })
    expect(plan.after).toEqual({ missing: 0, failed: 0 })
  })

  test('restarts only where the policy says so', async () => {
    const plan = steps(await planOf({ patches: { InstalledPendingRebootCount: 2 } }, rebooting))
    expect(plan.steps[0]?.call.input).toMatchObject({ Parameters: { RebootOption: ['RebootIfNeeded'] } })
    expect(plan.after).toEqual({ missing: 0, failed: 0, pendingReboot: 0 })
    expect(plan.warnings?.join()).toContain('restarts')
  })

  test('is made for an instance that was never scanned', async () => {
    const plan = steps(await planOf({ patches: null }))
    expect(plan.before).toEqual({ missing: null, failed: null, pendingReboot: null })
    expect(plan.warnings?.join()).toContain('never scanned')
  })

  test('is empty when nothing is missing, failed or pending', async () => {
    expect(await planOf({ patches: {} })).toMatchObject({ kind: 'compliant' })
  })

  test('does not restart for a pending restart alone', async () => {
    const planned = await planOf({ patches: { InstalledPendingRebootCount: 2 } })
    expect(isNotApplicable(planned) && planned.reason).toMatch(/^a reboot is pending/)
  })

  test.each([
    [{ agent: null }, 'no SSM agent'],
    [{ agent: 'ConnectionLost', power: 'stopped' }, 'ConnectionLost (the instance is stopped)'],
  ])('is not made when the agent is not online: %j', async (how, why) => {
    const planned = await planOf(how)
    expect(isNotApplicable(planned) && planned.reason).toContain(why)
  })

  test('takes as long as the policy allows', async () => {
    const patient = playbook.parameters.parse({ timeout: '90m' })
    expect(steps(await planOf({}, patient)).steps[0]).toMatchObject({ settles: { timeoutSeconds: 5400 } })
  })
})

describe('a node that Systems Manager does not know', () => {
  const unknown = (action: string) => () => {
    throw new AwsError({ kind: 'gone', code: 'InvalidInstanceId', action }, 'not in a valid state')
  }

  test.each(['ssm:ListCommands', 'ssm:DescribeInstanceInformation', 'ssm:DescribeInstancePatchStates'])(
    'has nothing that %s could give',
    async (read) => {
      const { state } = await look(machine({ agent: null, patches: null }, { [read]: unknown(read) }))
      const planned = playbook.plan(state, [], defaults, TARGET, NOTHING)
      expect(isNotApplicable(planned) && planned.reason).toContain('no SSM agent')
    },
  )

  test('is not one about which a read is denied', async () => {
    const action = 'ssm:ListCommands'
    const denied = () => {
      throw new AwsError({ kind: 'denied', code: 'AccessDenied', action }, 'no')
    }
    await expect(look(machine({}, { [action]: denied }))).rejects.toThrow('no')
  })
})

test('a step is done when nothing that it was to change is left', async () => {
  const left = { MissingCount: 1 }
  const pending = { InstalledPendingRebootCount: 1 }
  for (const [parameters, patches, status] of [
    [defaults, left, 'todo'],
    [defaults, { FailedCount: 1 }, 'todo'],
    [defaults, pending, 'done'],
    [rebooting, pending, 'todo'],
    [rebooting, {}, 'done'],
  ] as const) {
    const plan = steps(await planOf({}, parameters)) as unknown as Plan
    const { state } = await look(machine({ patches }))
    expect(playbook.status(plan.steps[0]!, state, plan)).toBe(status)
  }
})

test('what Inspector knows a fix of is not taken for patched because the baseline lacks nothing', async () => {
  const { state } = await look(machine({ patches: { MissingCount: 0 } }))
  const inspected = { ...finding(ID), source: 'inspector' as const, type: 'PACKAGE_VULNERABILITY' }
  expect(playbook.plan(state, [inspected], defaults, TARGET, NOTHING)).toEqual({
    kind: 'notApplicable',
    reason: expect.stringContaining('no patch is missing that the baseline approves'),
    nothingKnownIsLeft: true,
  })
  expect(playbook.plan(state, [finding(ID)], defaults, TARGET, NOTHING)).toMatchObject({ kind: 'compliant' })
})
