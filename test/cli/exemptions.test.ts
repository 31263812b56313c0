import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { arn, openGroup } from '../engine/approval-scenes.ts'
import { APPROVE, AUTO, sshOpen } from '../engine/simulated-world.ts'
import { errorOf, inEmptyFolder } from '../support/program-without-aws.ts'
import { type Called, callOn, memoryStack } from './in-memory-stack.ts'

const GROUP = 'sg-0123456789abcdef0'
const GROUP_ARN = `arn:aws:ec2:eu-west-1:123456789012:security-group/${GROUP}`
const DAY = 86_400_000

const exemptionsOf = ({ document }: Called) => document.exemptions as Record<string, unknown>[]
const idOf = ({ document }: Called) => (document.exemption as { id: string }).id

/** A deployment with a group that is open, and nothing reported of it. */
function deployed(policy = AUTO) {
  const world = openGroup(policy, GROUP)
  const stack = memoryStack(world)
  return { world, stack, report: () => stack.arrive([sshOpen(world, GROUP)]) }
}

describe('exempt --stack', () => {
  test('leaves the resource alone until then, in the name of the caller', async () => {
    const { world, stack, report } = deployed()
    const ran = await callOn(stack, 'exempt', GROUP, '--until', '30d', '--reason', ' public bastion ')
    expect(ran.status).toBe(0)
    const until = new Date(world.clock.now() + 30 * DAY).toISOString()
    expect(ran.document).toMatchObject({
      exemption: {
        ...{ resource: GROUP, playbooks: null, owner: arn('tester'), by: arn('tester'), origin: 'command' },
        ...{ reason: 'public bastion', until, state: 'holds', ended: null, at: world.clock.iso() },
      },
    })
    expect(ran.text).toContain(`rectify exempt --end ${idOf(ran)} --stack prod`)
    const reason = `exempted by ${arn('tester')} until ${until}: public bastion`
    expect(await report()).toMatchObject([{ outcome: 'exempted', reason }])
    expect(world.aws.changes()).toEqual([])
  })

  test('holds what waits for a person when the answer comes', async () => {
    const { world, stack, report } = deployed(APPROVE)
    const [waiting] = await report()
    const only = ['--playbook', 'ec2-close-open-ingress']
    await callOn(stack, 'exempt', GROUP, '--until', '7d', '--reason', 'r', ...only)
    const ran = await callOn(stack, 'approve', waiting!.id)
    expect(ran.document).toMatchObject({ runs: [{ outcome: 'exempted' }] })
    expect(world.aws.changes()).toEqual([])
  })

  test('--end lets it be put right again, once', async () => {
    const { world, stack, report } = deployed()
    const id = idOf(await callOn(stack, 'exempt', GROUP_ARN, '--until', '2099-01-31', '--reason', 'r'))
    const ended = await callOn(stack, 'exempt', '--end', id.toLowerCase(), '--reason', 'gone')
    expect(ended.document).toEqual({
      ended: { id, by: arn('tester'), at: world.clock.iso(), reason: 'gone' },
    })
    const again = await callOn(stack, 'exempt', '--end', id)
    expect(again).toMatchObject({ status: 2 })
    expect(JSON.stringify(again.document)).toContain('is ended already')
    expect(await callOn(stack, 'exempt', '--end', '01NONE')).toMatchObject({ status: 2 })
    expect(exemptionsOf(await callOn(stack, 'exemptions'))).toMatchObject([
      { id, state: 'ended', ended: { by: arn('tester'), reason: 'gone' } },
    ])
    expect(await report()).toMatchObject([{ outcome: 'remediated' }])
  })

  test.each([
    ['AWS::EC2::SecurityGroup/sg-0123456789abcdef0', [], GROUP],
    [` ${GROUP_ARN} `, [], GROUP_ARN],
    [GROUP_ARN.replace('123456789012', ''), [], GROUP_ARN.replace('123456789012', '')],
    ['arn:aws:s3:::site', [], 'arn:aws:s3:::site'],
    ['site', ['--playbook', 's3-block-public-access'], 'site'],
  ])('takes %s, as people write it', async (words, more, resource) => {
    const { stack } = deployed()
    const ran = await callOn(stack, 'exempt', words, '--until', '7d', '--reason', 'r', ...more)
    expect(ran.document).toMatchObject({ exemption: { resource } })
  })

  test('says of a second one what exempts the resource already', async () => {
    const { stack } = deployed()
    const first = await callOn(stack, 'exempt', GROUP, '--until', '7d', '--reason', 'r')
    expect(first.notes).not.toContain('exempts it, too')
    const second = await callOn(stack, 'exempt', GROUP, '--until', '8d', '--reason', 'r')
    expect(second.notes).toContain(`${idOf(first)} exempts it, too, until`)
    expect(exemptionsOf(await callOn(stack, 'exemptions'))).toHaveLength(2)
  })

  test('says when no playbook changes such a resource', async () => {
    const { stack } = deployed()
    const queue = 'arn:aws:bedrock:eu-west-1:123456789012:agent/x'
    const ran = await callOn(stack, 'exempt', queue, '--until', '7d', '--reason', 'r')
    expect(ran.status).toBe(0)
    expect(ran.notes).toContain('holds nothing back today')
  })
})

describe('exempt refuses, status 2, and stores nothing:', () => {
  const given = (more: Record<string, string | undefined> = {}) =>
    Object.entries({ until: '7d', reason: 'r', ...more }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    )
  test.each<[string, string[], string]>([
    ['no resource', given(), 'name the resource by its id or ARN'],
    ['no end', [GROUP, ...given({ until: undefined })], 'say until when'],
    ['no reason', [GROUP, ...given({ reason: undefined })], 'say why: --reason TEXT'],
    ['a blank reason', [GROUP, ...given({ reason: ' ' })], '--reason is empty'],
    [
      'a reason that nobody reads',
      [GROUP, ...given({ reason: 'r'.repeat(1_001) })],
      'longer than 1000 characters',
    ],
    ['a day that is over', [GROUP, ...given({ until: '2020-01-31' })], '--until "2020-01-31" is over'],
    ['no time at all', [GROUP, ...given({ until: '0d' })], 'is over'],
    ['a day that no calendar has', [GROUP, ...given({ until: '2099-02-30' })], '"2099-02-30" is not a date'],
    ['a time without its zone', [GROUP, ...given({ until: '2099-01-31T18:00' })], 'is not a date'],
    ['a word', [GROUP, ...given({ until: 'soon' })], '"soon" is not a duration'],
    ['months', [GROUP, ...given({ until: 'P1M' })], 'has months'],
    ['more than ten years', [GROUP, ...given({ until: '4000d' })], 'longer than ten years'],
    ['a pattern', ['sg-0*', ...given()], 'patterns belong into the policy file, under exemptions'],
    ['a pattern for a name', ['name:bastion', ...given()], 'patterns belong into the policy file'],
    ['what is no resource', ['sg-0xyz', ...given()], 'can be no resource that a playbook acts on'],
    ['a bare name', ['site', ...given()], 'or a name with --playbook ID'],
    [
      'what is not this playbook’s',
      ['i-0123456789abcdef0', ...given({ playbook: 'ec2-close-open-ingress' })],
      'is neither id nor ARN of an AWS::EC2::SecurityGroup, such as sg-0123456789abcdef0',
    ],
    ['an unknown playbook', [GROUP, ...given({ playbook: 'ec2-close-open-ingres' })], 'unknown playbook'],
    ['an end with a resource', [GROUP, '--end', 'X'], '--end takes the id of an exemption'],
  ])('%s', async (_, args, message) => {
    const { world, stack } = deployed()
    const ran = await callOn(stack, 'exempt', ...args)
    expect(ran.status).toBe(2)
    expect(ran.document).toMatchObject({
      error: { kind: 'usage', message: expect.stringContaining(message) },
    })
    expect(await world.store.exemptions()).toEqual([])
  })
})

describe('exemptions --stack', () => {
  test('lists each with its origin, its end, and what it has held back', async () => {
    const { world, stack, report } = deployed()
    const about = ['--reason', 'bastion', '--owner', 'netops']
    const soon = idOf(await callOn(stack, 'exempt', GROUP, '--until', '7d', ...about))
    world.clock.advance(1)
    const other = idOf(await callOn(stack, 'exempt', 'sg-0fedcba9876543210', '--until', '8d', ...about))
    const [held] = await report()
    world.clock.advance(1_000)
    const ran = await callOn(stack, 'exemptions')

    expect(exemptionsOf(ran)).toMatchObject([
      {
        ...{ id: soon, origin: 'command', state: 'endsSoon', owner: 'netops', reason: 'bastion' },
        heldBack: { runs: 1, last: held!.endedAt, newest: [held!.id] },
      },
      { id: other, state: 'holds', heldBack: { runs: 0, last: null, newest: [] } },
    ])
    expect(ran.text).toMatch(new RegExp(`${soon} +command +ends within a week .* netops +1 run, last `))
    expect(ran.notes).toContain('1 exemption ends within a week')
    expect(ran.notes).toContain('those of the deployed policy file are not shown')
    world.clock.advance(30 * DAY)
    expect(exemptionsOf(await callOn(stack, 'exemptions'))).toMatchObject([
      { state: 'over' },
      { state: 'over' },
    ])
  })

  test('knows tags as the last run met them', async () => {
    const { world, stack, report } = deployed()
    const tags = { 'rectify:exempt-until': '2099-12-31', 'rectify:owner': 'web team' }
    world.aws.groups.groups.get(GROUP)!.Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    await report()
    world.clock.advance(1_000)
    await report()
    expect(exemptionsOf(await callOn(stack, 'exemptions'))).toMatchObject([
      {
        ...{ id: null, origin: 'tag', resource: GROUP_ARN, owner: 'web team' },
        ...{ until: '2099-12-31T23:59:59.999Z', state: 'holds', heldBack: { runs: 2 } },
      },
    ])
  })
})

describe('on this machine', () => {
  const { folder, run } = inEmptyFolder()

  test('exemptions of the file stand with their line beside those of the store, without AWS', async () => {
    const file = `version: 1\nrules:\n  - mode: rehearse\nexemptions:\n  - { resource: "sg-0*", owner: netops, reason: bastions, until: 2099-12-31 }\n`
    writeFileSync(join(folder(), 'rectify.yaml'), file)
    const put = await run('exempt', GROUP, '--until', '30d', '--reason', 'mine', '--json')
    expect(put.status).toBe(0)
    const listed = await run('exemptions', '--json')
    expect(listed.document()).toMatchObject({
      exemptions: [
        {
          id: null,
          origin: 'file',
          where: 'rectify.yaml:5',
          resource: 'sg-0*',
          owner: 'netops',
          state: 'holds',
        },
        { origin: 'command', resource: GROUP, reason: 'mine', by: expect.stringContaining('@') },
      ],
    })
    expect((await run('exemptions')).stdout).toContain('rectify.yaml:5')
    expect(errorOf(await run('exempt', '--end', 'nothing', '--json'))).toMatchObject({ kind: 'usage' })
  })
})
