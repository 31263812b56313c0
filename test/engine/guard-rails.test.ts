import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import { live, SCENES } from './scene-per-playbook.ts'
import {
  APPROVE,
  AUTO,
  finding,
  newWorld,
  policyOf,
  publicSnapshot,
  sshOpen,
  start,
  type World,
} from './simulated-world.ts'

const rules = (...lines: string[]) => `version: 1\nrules:\n${lines.map((line) => `  - ${line}\n`).join('')}`

const GROUP = 'sg-0a1b2c3d4e5f60718'

/** The group, open on 22, with these tags. */
function openGroup(policy?: string | 'none', tags: Record<string, string> = {}): World {
  const world = newWorld(policy)
  world.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }], { tags })
  return world
}

async function apply(world: World, ...findings: Finding[]) {
  const asked = findings.length > 0 ? findings : [sshOpen(world, GROUP)]
  return (await start(world).engine.handle(asked, 'apply')).runs
}

function expectUntouched(world: World): void {
  expect(world.aws.changes()).toEqual([])
  expect(world.aws.groups.rules.has('sgr-open')).toBe(true)
}

describe.each(SCENES)('to plan or rehearse $name', (scene) => {
  test.each([
    ['plan', AUTO],
    ['plan', APPROVE],
    ['rehearse', AUTO],
    ['rehearse', APPROVE],
    ['rehearse', 'none'],
  ] as const)('(%s) sends no change and stores nothing', async (intent, policy) => {
    const world = newWorld(policy)
    const about = scene.arrange(world)
    const before = live(world)
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.handle([about], intent)

    const run = runs.find(({ playbook }) => playbook === scene.playbook.id)
    expect(run?.outcome).toBe(intent === 'plan' ? 'planned' : 'rehearsed')
    expect(live(world)).toEqual(before)
    expect(world.aws.changes()).toEqual([])
    const dryRuns = world.aws.calls.filter(({ dryRun }) => dryRun).map(({ action }) => action)
    const knows = intent === 'rehearse' && scene.change.startsWith('ec2:')
    expect(dryRuns).toEqual(knows ? [scene.change] : [])
    expect(world.commits).toEqual([])
  })
})

describe('without a policy file', () => {
  test.each([
    ['apply', 'blocked', 'no policy file'],
    ['rehearse', 'rehearsed', 'no policy file'],
    ['plan', 'planned', 'no policy file'],
  ] as const)('%s ends %s', async (intent, outcome, reason) => {
    const world = openGroup('none')
    const { runs } = await start(world).engine.handle([sshOpen(world, GROUP)], intent)

    expect(runs).toMatchObject([{ outcome, reason: expect.stringContaining(reason) }])
    expectUntouched(world)
  })
})

describe('a mode that lets nothing happen', () => {
  test.each([
    ['off', 'off'],
    ['notify', 'notified'],
    ['rehearse', 'rehearsed'],
  ])('%s ends an apply %s', async (mode, outcome) => {
    const world = openGroup(rules(`mode: ${mode}`))

    expect(await apply(world)).toMatchObject([{ outcome, mode, plan: { steps: [{}] } }])
    expectUntouched(world)
  })

  test.each([
    ['off', 'off'],
    ['notify', 'notified'],
  ])('%s ends a rehearsal %s, without a dry run', async (mode, outcome) => {
    const world = openGroup(rules(`mode: ${mode}`))
    const { runs } = await start(world).engine.handle([sshOpen(world, GROUP)], 'rehearse')

    expect(runs).toMatchObject([{ outcome }])
    expect(world.aws.calls.some(({ dryRun }) => dryRun)).toBe(false)
  })
})

describe('a resource that is left alone', () => {
  const exempt = `${AUTO}exemptions:
  - { resource: ${GROUP}, owner: netops, reason: public bastion, until: 2027-01-31 }
`
  test.each(['config', 'guardduty', 'manual'] as const)('is exempted when %s reports it', async (source) => {
    const world = openGroup(exempt)
    const probe = finding(world, {
      source: 'guardduty',
      type: 'Recon:EC2/PortProbeUnprotectedPort',
      evidence: { role: 'TARGET', groups: [GROUP], ports: [22] },
    })
    const about = source === 'guardduty' ? probe : sshOpen(world, GROUP, { source })
    const only = { playbook: 'ec2-close-open-ingress', resource: GROUP }
    const { runs } = await start(world).engine.handle([about], 'apply', source === 'manual' ? { only } : {})

    expect(runs.find(({ playbook }) => playbook === only.playbook)).toMatchObject({
      outcome: 'exempted',
      reason: expect.stringContaining('netops until 2027-01-31: public bastion'),
    })
    expectUntouched(world)
  })

  test.each([
    ['name:bastion*', 'bastion-eu', 'exempted'],
    ['name:bastion*', 'web', 'remediated'],
    [`arn:aws:ec2:eu-west-1::security-group/${GROUP}`, 'web', 'exempted'],
    ['arn:aws:ec2:*:123456789012:security-group/sg-0a*', 'web', 'exempted'],
  ])('is exempted by %s, and called %s: %s', async (pattern, name, outcome) => {
    const world = newWorld(exempt.replace(`resource: ${GROUP}`, `resource: "${pattern}"`))
    world.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }], { name })

    expect(await apply(world)).toMatchObject([{ outcome }])
  })

  test('by its name is left alone also when the name cannot be read', async () => {
    const world = openGroup(`${AUTO}never: { resources: ["name:bastion*"] }\n`)
    world.aws.fault({ on: 'ec2:DescribeSecurityGroups', kind: 'deny' })

    expect(await apply(world)).toMatchObject([
      { outcome: 'blocked', reason: "cannot evaluate policy: the group's name unreadable" },
    ])
    expectUntouched(world)
  })

  test('whose ARN has no account is exempted by the ARN with the account', async () => {
    const snapshot = 'snap-0a1b2c3d4e5f60718'
    const arn = `arn:aws:ec2:eu-west-1:123456789012:snapshot/${snapshot}`
    const world = newWorld(exempt.replace(`resource: ${GROUP}`, `resource: "${arn}"`))
    world.aws.ec2.addSnapshot(snapshot)

    expect(await apply(world, publicSnapshot(world, snapshot))).toMatchObject([{ outcome: 'exempted' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('is put right again once the exemption has ended', async () => {
    const world = openGroup(exempt)
    world.clock.advance(90 * 86_400_000)

    expect(await apply(world)).toMatchObject([{ outcome: 'remediated' }])
  })

  test('is exempted also when the exemption came between the question and the answer', async () => {
    const world = openGroup(APPROVE)
    const [waiting] = await apply(world)
    world.policy = policyOf(exempt.replace('auto', 'approve'))
    const { runs } = await start(world).engine.approve(waiting!.id, {})

    expect(runs).toMatchObject([{ outcome: 'exempted' }])
    expectUntouched(world)
  })

  test.each([GROUP, 'arn:aws:ec2:*:*:security-group/sg-0*'])('is blocked by never: %s', async (pattern) => {
    const world = openGroup(`${AUTO}never: { resources: ["${pattern}"] }\n`)

    expect(await apply(world)).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining('never') },
    ])
    expectUntouched(world)
  })
})

describe('whose account it is', () => {
  test('another than the caller’s is blocked before any call', async () => {
    const world = openGroup()
    const runs = await apply(world, sshOpen(world, GROUP, { account: '999999999999' }))

    expect(runs).toMatchObject([{ outcome: 'blocked', account: '999999999999' }])
    expect(runs[0]?.reason).toContain('wrong account')
    expect(runs[0]?.reason).toContain(world.aws.caller.arn)
    expect(world.aws.calls).toEqual([])
  })

  test('is looked at again before the change: credentials that were switched meanwhile change nothing', async () => {
    const world = openGroup(APPROVE)
    const [waiting] = await apply(world)
    world.aws.caller = { ...world.aws.caller, account: '999999999999' }
    const { runs } = await start(world).engine.approve(waiting!.id, {})

    expect(runs).toMatchObject([{ outcome: 'blocked', reason: expect.stringContaining('wrong account') }])
    expectUntouched(world)
  })

  test('and region are the finding’s, for every call', async () => {
    const world = openGroup()
    await apply(world, sshOpen(world, GROUP, { region: 'ap-south-1' }))

    expect(world.aws.changes()).toHaveLength(1)
    expect(new Set(world.aws.calls.map(({ account, region }) => `${account} ${region}`))).toEqual(
      new Set([`${world.aws.account} ap-south-1`]),
    )
  })
})

describe('the rules', () => {
  const byTag = rules('{ when: { tags: { environment: prod } }, mode: rehearse }', 'mode: auto')

  test('about tags are decided with the live tags', async () => {
    expect(await apply(openGroup(byTag, { environment: 'prod' }))).toMatchObject([{ outcome: 'rehearsed' }])
    expect(await apply(openGroup(byTag, { environment: 'test' }))).toMatchObject([{ outcome: 'remediated' }])
    expect(await apply(openGroup(byTag))).toMatchObject([{ outcome: 'remediated' }])
  })

  test('give their own parameters to the plan, also those decided by tags', async () => {
    const policy = rules(
      '{ when: { playbook: ec2-close-open-ingress, tags: { tier: db } }, mode: auto, parameters: { ports: [5432] } }',
      'mode: auto',
    )
    const world = openGroup(policy, { tier: 'db' })
    world.aws.groups.addRule(GROUP, { id: 'sgr-db', from: 5432, cidr: '0.0.0.0/0' })
    const item = sshOpen(world, GROUP, { type: 'item:AWS::EC2::SecurityGroup' })

    expect(await apply(world, item)).toMatchObject([{ outcome: 'remediated' }])
    expect([...world.aws.groups.rules.keys()]).toEqual(['sgr-open'])
  })

  test('that are stricter at the claim than at the decision stand', async () => {
    const world = openGroup(byTag, { environment: 'test' })
    world.aws.fault({
      on: 'ec2:DescribeNetworkInterfaces',
      nth: 1,
      delayMs: 6_000,
      after: () => tag(world, 'prod'),
    })

    expect(await apply(world)).toMatchObject([{ outcome: 'rehearsed' }])
    expectUntouched(world)
  })

  test('that are laxer at the claim than at the decision do not count', async () => {
    const asking = rules('{ when: { tags: { environment: prod } }, mode: approve }', 'mode: auto')
    const world = openGroup(asking, { environment: 'prod' })
    const [waiting] = await apply(world)
    tag(world, 'test')
    world.aws.groups.addRule(GROUP, { id: 'sgr-new', from: 22, cidr6: '::/0' })
    const { runs } = await start(world).engine.approve(waiting!.id, {})

    expect(runs).toMatchObject([{ state: 'waiting', mode: 'approve', round: 2 }])
    expectUntouched(world)
  })

  test('of several findings of one run: the strictest stands', async () => {
    const world = openGroup(rules('{ when: { severity: CRITICAL }, mode: off }', 'mode: auto'))
    const critical = sshOpen(world, GROUP, { id: 'critical', severity: 'CRITICAL' })

    expect(await apply(world, sshOpen(world, GROUP), critical)).toMatchObject([{ outcome: 'off' }])
    expectUntouched(world)
  })

  test('that cannot be read any more block a stored run', async () => {
    const world = openGroup(APPROVE)
    const [waiting] = await apply(world)
    const { engine } = start(world, {
      policyAt: () => {
        throw new Error('ENOENT: rectify.yaml')
      },
    })

    expect((await engine.approve(waiting!.id, {})).runs).toMatchObject([
      { outcome: 'blocked', reason: 'cannot evaluate policy: ENOENT: rectify.yaml' },
    ])
    expectUntouched(world)
  })
})

function tag({ aws }: World, environment: string): void {
  const Tags = [{ Key: 'environment', Value: environment }]
  aws.groups.groups.set(GROUP, { ...aws.groups.groups.get(GROUP), Tags })
}
