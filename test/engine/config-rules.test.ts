import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import type { Run } from '../../src/run/run.ts'
import { AUTO, finding, newWorld, start, type World } from './simulated-world.ts'

const READ = 'config:DescribeConfigRules'
const NAME = 'Network-Ports-1ABCDEF'

/** A group that is open to the world on these ports. */
function openOn(world: World, ...ports: number[]): void {
  const rules = ports.map((port) => ({ id: `sgr-${port}`, from: port, cidr: '0.0.0.0/0' }))
  world.aws.groups.add('sg-0db', [...rules, { id: 'sgr-office', from: 5432, cidr: '10.1.2.0/24' }])
}

/** What a rule of AWS Config says of the group, as far as its name tells (`type`). */
const saysOpen = (world: World, ruleName: string, type = ruleName, more: Partial<Finding> = {}): Finding =>
  finding(world, {
    id: `${ruleName}/sg-0db`,
    source: 'config',
    type,
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-0db' }],
    evidence: { ruleName },
    ...more,
  })

const commonPorts = (world: World, more: Partial<Finding> = {}): Finding =>
  saysOpen(world, 'restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC', more)

async function apply(world: World, ...findings: Finding[]) {
  const { engine, progress } = start(world)
  const report = await engine.handle(findings, 'apply')
  return { ...report, progress }
}

const revoked = (world: World): unknown[] =>
  world.aws.changes().flatMap(({ input }) => input.SecurityGroupRuleIds as string[])
const asked = (world: World): number => world.aws.calls.filter(({ action }) => action === READ).length

describe('restricted-common-ports', () => {
  test('closes the ports that its own parameters name, and no other', async () => {
    const world = newWorld()
    openOn(world, 5432, 3306)
    world.aws.config.add('restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC', { blockedPort1: '5432' })
    const { runs } = await apply(world, commonPorts(world))
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(revoked(world)).toEqual(['sgr-5432'])
  })

  test('whose parameters were read and are its defaults is compliant when none of these is open', async () => {
    const world = newWorld()
    openOn(world, 5432)
    world.aws.config.add('restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC')
    const { runs } = await apply(world, commonPorts(world))
    expect(runs).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(revoked(world)).toEqual([])
  })

  test.each<[string, (world: World) => void, RegExp]>([
    [
      'may not be read',
      (world) => world.aws.fault({ on: READ, kind: 'deny' }),
      /^the rule's ports are not known: .*DescribeConfigRules/,
    ],
    ['does not exist any more', () => undefined, /^the rule's ports are not known: AWS Config has no rule/],
    [
      'is code of the account itself',
      (world) => world.aws.config.addCustom('restricted-common-ports'),
      /no playbook answers/,
    ],
    [
      'has a parameter that nobody knows',
      (world) =>
        world.aws.config.add('restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC', {
          blockedPorts: '5432,6379',
        }),
      /^the rule's ports are not known: parameter blockedPorts/,
    ],
  ])('that %s is never told as compliant', async (_, arrange, reason) => {
    const world = newWorld()
    openOn(world, 5432)
    arrange(world)
    const { runs, ignored } = await apply(world, commonPorts(world))
    expect([...runs.map((run) => run.reason), ...ignored.map((one) => one.reason)].join()).toMatch(reason)
    expect(runs.filter(({ outcome }) => outcome !== 'notApplicable')).toEqual([])
    expect(revoked(world)).toEqual([])
  })

  test('whose parameters are not known closes what it checks by default where that is open, and says so', async () => {
    const world = newWorld()
    openOn(world, 3306, 5432)
    world.aws.fault({ on: READ, kind: 'deny' })
    const { runs, progress } = await apply(world, commonPorts(world))
    expect(runs).toMatchObject([
      {
        outcome: 'remediated',
        plan: { warnings: [expect.stringContaining("the rule's ports are not known")] },
      },
    ])
    expect(revoked(world)).toEqual(['sgr-3306'])
    expect(progress).toContainEqual({ kind: 'warning', message: expect.stringContaining(READ) })
  })

  test('whose parameters are not known takes the word of the policy', async () => {
    const ports = '    parameters: { ports: [5432] }\n'
    const world = newWorld(
      `version: 1\nrules:\n  - when: { playbook: ec2-close-open-ingress }\n    mode: auto\n${ports}`,
    )
    openOn(world, 5432, 3306)
    world.aws.fault({ on: READ, kind: 'deny' })
    const { runs } = await apply(world, commonPorts(world))
    expect(runs).toMatchObject([
      { outcome: 'remediated', plan: { warnings: [expect.stringMatching(/^narrower/)] } },
    ])
    expect(revoked(world)).toEqual(['sgr-5432'])

    const again = await apply(world, commonPorts(world, { observedAt: '2099-01-01T00:00:00.000Z' }))
    expect(again.runs).toMatchObject([{ outcome: 'alreadyCompliant' }])
  })

  test('that sets some of its parameters may mean the defaults of the others: open, they are told', async () => {
    const world = newWorld()
    openOn(world, 3306)
    world.aws.config.add('restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC', { blockedPort1: '5432' })
    const { runs } = await apply(world, commonPorts(world))
    expect(runs).toMatchObject([
      {
        outcome: 'notApplicable',
        reason: expect.stringMatching(/^tcp 3306 is open to the world, and the rule may/),
      },
    ])
  })

  test('with other parameters is other evidence: no earlier run covers it', async () => {
    const world = newWorld()
    openOn(world, 5432, 6379)
    for (const port of ['5432', '6379'])
      world.aws.config.add(`ports-${port}`, 'RESTRICTED_INCOMING_TRAFFIC', { blockedPort1: port })
    const observedAt = world.clock.iso()
    for (const name of ['ports-5432', 'ports-6379'])
      await apply(world, saysOpen(world, name, name, { observedAt }))
    expect(revoked(world)).toEqual(['sgr-5432', 'sgr-6379'])
  })
})

describe('a rule whose name says nothing', () => {
  test('is what AWS Config says it is', async () => {
    const world = newWorld()
    openOn(world, 22)
    world.aws.config.add(NAME, 'INCOMING_SSH_DISABLED')
    const { runs } = await apply(world, saysOpen(world, NAME))
    expect(runs).toMatchObject([{ outcome: 'remediated', findings: [{ type: 'INCOMING_SSH_DISABLED' }] }])
    expect(revoked(world)).toEqual(['sgr-22'])
  })

  test('is what the policy says, without a question', async () => {
    const world = newWorld(`${AUTO}configRules: { "Network-*": INCOMING_SSH_DISABLED }\n`)
    openOn(world, 22)
    const { runs } = await apply(world, saysOpen(world, NAME))
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(asked(world)).toBe(0)
  })

  test.each<[string, (world: World) => void, RegExp]>([
    [
      'may not be read',
      (world) => world.aws.fault({ on: READ, kind: 'deny' }),
      /not authorized.*configRules/s,
    ],
    ['does not exist', () => undefined, /AWS Config has no rule .*configRules/],
    [
      'is code of the account itself',
      (world) => world.aws.config.addCustom(NAME),
      /config Network-Ports-1ABCDEF$/,
    ],
    [
      'is one that no playbook knows',
      (world) => world.aws.config.add(NAME, 'FMS_SHIELD_RESOURCE_POLICY_CHECK'),
      /FMS_SHIELD_RESOURCE_POLICY_CHECK$/,
    ],
  ])('and %s is left alone, with why', async (_, arrange, reason) => {
    const world = newWorld()
    openOn(world, 22)
    arrange(world)
    const { runs, ignored } = await apply(world, saysOpen(world, NAME))
    expect(runs).toEqual([])
    const unanswered = { source: 'config', type: expect.any(String) }
    const why = expect.stringMatching(reason)
    expect(ignored).toEqual([{ finding: `${NAME}/sg-0db`, reason: why, unanswered }])
    expect(revoked(world)).toEqual([])
  })

  test('wakes the run that waits when it is compliant again', async () => {
    const world = newWorld('version: 1\nrules:\n  - mode: approve\n')
    openOn(world, 22)
    world.aws.config.add(NAME, 'INCOMING_SSH_DISABLED')
    const waiting = await apply(world, saysOpen(world, NAME))
    expect(waiting.runs).toMatchObject([{ state: 'waiting' }])
    world.aws.groups.rules.clear()
    const { runs } = await apply(world, saysOpen(world, NAME, NAME, { status: 'resolved' }))
    expect(runs.map(({ id, outcome }: Run) => [id, outcome])).toEqual([
      [waiting.runs[0]!.id, 'alreadyCompliant'],
    ])
  })
})

describe('AWS Config', () => {
  test('is asked only where a name does not tell, or a playbook must know parameters', async () => {
    const world = newWorld()
    openOn(world, 22)
    await apply(
      world,
      saysOpen(world, 'restricted-ssh', 'INCOMING_SSH_DISABLED'),
      saysOpen(world, 'root-account-mfa-enabled', 'FMS_SHIELD_RESOURCE_POLICY_CHECK'),
      finding(world, {
        source: 'config',
        type: 'item:AWS::EC2::SecurityGroup',
        evidence: { ruleName: NAME },
      }),
    )
    expect(asked(world)).toBe(0)
  })

  test('is asked once about a rule in ten minutes, and again a minute after it could not be read', async () => {
    const world = newWorld()
    openOn(world, 22)
    world.aws.config.add(NAME, 'ROOT_ACCOUNT_MFA_ENABLED')
    const { engine } = start(world)
    const take = (name = NAME) => engine.handle([saysOpen(world, name), saysOpen(world, name)], 'apply')
    await take()
    world.clock.advance(9 * 60_000)
    await take()
    expect(asked(world)).toBe(1)
    world.clock.advance(60_000)
    await take()
    expect(asked(world)).toBe(2)

    world.aws.fault({ on: READ, kind: 'deny' })
    await take('other')
    world.clock.advance(59_000)
    await take('other')
    expect(asked(world)).toBe(3)
    world.clock.advance(1_000)
    await take('other')
    expect(asked(world)).toBe(4)
  })
})
