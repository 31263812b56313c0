import { describe, expect, test } from '@jest/globals'
import type { AccountPlace } from '../../src/engine/ports.ts'
import { newWorld, sshOpen, start, type World } from './simulated-world.ts'

const GROUP = 'sg-0web'
const SSH = { id: 'sgr-ssh', from: 22, cidr: '0.0.0.0/0' }
const ONE_ADDRESS = { Association: { PublicIp: '198.51.100.7' } }

/** A group that lets SSH in, worn by an interface. */
function worn(policy: string, more: object = {}): World {
  const world = newWorld(policy)
  world.aws.groups.add(GROUP, [SSH])
  world.aws.ec2.addInterface('eni-0a', [GROUP], more as Parameters<World['aws']['ec2']['addInterface']>[2])
  return world
}

const rules = (...lines: string[]) => `version: 1\nrules:\n${lines.map((line) => `  - ${line}\n`).join('')}`

async function handled(world: World, more: Parameters<typeof start>[1] = {}, age = 0) {
  const reported = new Date(world.clock.now() - age).toISOString()
  const about = sshOpen(world, GROUP, { observedAt: reported })
  const { runs } = await start(world, more).engine.handle([about], 'apply')
  return runs[0]
}

describe('a rule that asks whether the resource can be reached', () => {
  const BY_REACH = rules('{ when: { reachable: false }, mode: auto }', '{ mode: approve }')

  test('decides by the plan', async () => {
    expect(await handled(worn(BY_REACH))).toMatchObject({ outcome: 'remediated', mode: 'auto' })
    expect(await handled(worn(BY_REACH, ONE_ADDRESS))).toMatchObject({ state: 'waiting', mode: 'approve' })
  })

  test('blocks where whichever decides would look for something else', async () => {
    const world = worn(
      rules(
        '{ when: { playbook: ec2-close-open-ingress, reachable: false }, mode: auto, parameters: { ports: [22] } }',
        '{ mode: approve }',
      ),
    )
    expect(await handled(world)).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringMatching(
        /^cannot evaluate policy: whether the resource can be reached shows only/,
      ),
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('takes the parameters on which all agree', async () => {
    const parameters = 'parameters: { ports: [22, 3389] }'
    const when = 'playbook: ec2-close-open-ingress'
    const world = worn(
      rules(
        `{ when: { ${when}, reachable: false }, mode: auto, ${parameters} }`,
        `{ when: { ${when} }, mode: approve, ${parameters} }`,
      ),
    )
    expect(await handled(world)).toMatchObject({ outcome: 'remediated' })
  })

  test('blocks where the plan does not tell', async () => {
    const world = worn(BY_REACH)
    const { playbooks } = await import('../../playbooks/index.ts')
    const silent = playbooks
      .filter(({ id }) => id === 'ec2-close-open-ingress')
      .map((each) => ({
        ...each,
        impact: async () => ({ summary: 'who knows', affected: [], count: 0 }),
      }))
    expect(await handled(world, { playbooks: silent })).toMatchObject({
      outcome: 'blocked',
      reason:
        'cannot evaluate policy: ec2-close-open-ingress does not tell whether the resource can be reached',
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('is asked again right before the change', async () => {
    const world = worn(rules('{ when: { reachable: false }, mode: approve }', '{ mode: off }'))
    const answer = () => {
      world.aws.ec2.addInterface('eni-0b', [GROUP], ONE_ADDRESS as never)
      return { kind: 'approve' } as const
    }
    expect(await handled(world, { answer })).toMatchObject({ outcome: 'off' })
    expect(world.aws.changes()).toEqual([])
  })
})

describe('a rule that asks where the account stands', () => {
  const BY_UNIT = rules(
    '{ when: { ou: ou-abcd-prod, accountTags: { tier: "1" } }, mode: auto }',
    '{ mode: approve }',
  )
  const IN_PROD: AccountPlace = { path: ['r-abcd', 'ou-abcd-prod', 'ou-abcd-web'], tags: { tier: '1' } }

  test('decides by unit, however deep, and tags', async () => {
    const asked: unknown[] = []
    const organization = async (account: string, asks: object) => {
      asked.push({ account, ...asks })
      return IN_PROD
    }
    expect(await handled(worn(BY_UNIT), { organization })).toMatchObject({ outcome: 'remediated' })
    expect(asked).toContainEqual({ account: expect.any(String), path: true, tags: true })
    expect(
      await handled(worn(BY_UNIT), { organization: async () => ({ ...IN_PROD, path: ['r-abcd'] }) }),
    ).toMatchObject({ mode: 'approve' })
  })

  test.each<[string, AccountPlace | undefined, string]>([
    [
      'the unit was not read',
      { ...IN_PROD, path: 'unread', unreadable: 'denied' },
      'cannot evaluate policy: unit of the account unreadable: denied',
    ],
    [
      'the tags were not read',
      { ...IN_PROD, tags: 'unread', unreadable: 'denied' },
      'cannot evaluate policy: tags of the account unreadable: denied',
    ],
    ['nobody can ask', undefined, 'nothing here can ask AWS Organizations'],
  ])('blocks where %s', async (_, place, reason) => {
    const world = worn(BY_UNIT)
    const run = await handled(world, place && { organization: async () => place })
    expect(run).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining(reason) })
    expect(world.aws.changes()).toEqual([])
  })

  test('is the only one for which anybody is asked', async () => {
    const organization = async () => {
      throw new Error('asked')
    }
    const world = worn(rules('{ mode: auto }'))
    expect(await handled(world, { organization })).toMatchObject({ outcome: 'remediated' })
  })
})

test('a rule that asks for the age of a finding decides by when it was reported', async () => {
  const BY_AGE = rules('{ when: { age: { atLeast: 1h } }, mode: auto }', '{ mode: approve }')
  expect(await handled(worn(BY_AGE), {}, 3_600_000)).toMatchObject({ outcome: 'remediated' })
  expect(await handled(worn(BY_AGE), {}, 3_000_000)).toMatchObject({ mode: 'approve' })
})
