import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Answer, Report } from '../../src/engine/ports.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { type Choice, drawn, Interleaving, switching } from './interleaving.ts'
import { endOf } from './interrupted-work.ts'
import { startWithin } from './killed-process.ts'
import { BALANCER, type Live, live, SCENES } from './scene-per-playbook.ts'
import { APPROVE, AUTO, attack, commonPortsOpen, newWorld, sshOpen, type World } from './simulated-world.ts'

interface Given {
  findings: Finding[]
  wanted: Live
}

/** Processes side by side, one for each finding, in the order of the choice. */
async function together(
  choice: Choice,
  arrange: (world: World) => Given,
  more: { stores?: number; policy?: string; answers?: Answer[] } = {},
) {
  const world = newWorld(more.policy ?? AUTO)
  const { findings, wanted } = arrange(world)
  const stores = [world.store, ...Array.from({ length: (more.stores ?? 1) - 1 }, () => memoryStore())]
  const turns = new Interleaving()
  const work = findings.map((finding, who) => {
    const store = stores[who % stores.length]!
    const answer = more.answers?.[who] ?? { kind: 'approve' }
    return startWithin(world, turns.of(who), { store, answer }).engine.handle([finding], 'apply')
  })
  const reports = await turns.play(work, choice)
  return { world, wanted, reports, ends: await Promise.all(stores.map(endOf)) }
}

const CLEAN = { open: 0, locked: false }

const outcomes = (reports: Report[]) => reports.map(({ runs }) => runs.map(({ outcome }) => outcome))
const changed = ({ aws }: World) => aws.changes().filter(({ error }) => error === undefined)

/**
 * Two processes: ways to switch twice between them, up to so many turns; of the second switch every other turn, and those
 * between them with the next place of the first.
 */
async function everySwitch(
  turns: number,
  check: (choice: Choice, way: object) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < turns; first++) {
    for (let second = 1 + (first % 2); second < turns; second += 2)
      await check(switching(first, second), { first, second })
  }
}

/** Orders drawn by chance; the property prints the one that fails. */
function anyOrder(check: (choice: Choice) => Promise<void>, numRuns = 40): Promise<void> {
  const numbers = fc.array(fc.nat(5), { maxLength: 120 })
  return fc.assert(
    fc.asyncProperty(numbers, (order) => check(drawn(order))),
    { numRuns },
  )
}

const twice =
  (name: string) =>
  (world: World): Given => {
    const finding = SCENES.find((scene) => scene.name === name)!
    const about = finding.arrange(world)
    return { findings: [about, about], wanted: finding.wanted(live(world)) }
  }

describe('the same event in two processes with one store', () => {
  async function once(choice: Choice, name: string) {
    const { world, wanted, reports, ends } = await together(choice, twice(name))
    expect(live(world)).toEqual(wanted)
    expect(changed(world)).toHaveLength(1)
    expect(outcomes(reports)).toEqual([['remediated'], ['remediated']])
    expect(reports[0]!.runs[0]!.id).toBe(reports[1]!.runs[0]!.id)
    expect(ends).toEqual([CLEAN])
  }

  test('is one change by one run that both show, wherever they take turns', async () => {
    await everySwitch(20, (choice) => once(choice, 'an open group'))
  })

  test.each(SCENES)('is one change by one run that both show, in any order: $name', async ({ name }) => {
    await anyOrder((choice) => once(choice, name), 25)
  })

  test('is one change, even when the first stops for longer than its lease, wherever it stops', async () => {
    for (let first = 0; first < 20; first++) {
      await once(switching(first, Number.POSITIVE_INFINITY), 'an open group')
      await once(switching(first, Number.POSITIVE_INFINITY), 'an attacker')
    }
  })
})

describe('the same event in two processes with a store each', () => {
  test.each(SCENES.slice(0, 3))(
    'comes to the same end, and nothing else changes: $name',
    async ({ name }) => {
      await anyOrder(async (choice) => {
        const { world, wanted, reports, ends } = await together(choice, twice(name), { stores: 2 })
        expect(live(world)).toEqual(wanted)
        for (const [outcome] of outcomes(reports))
          expect(['remediated', 'alreadyCompliant']).toContain(outcome)
        expect(outcomes(reports).flat()).toContain('remediated')
        expect(ends).toEqual([CLEAN, CLEAN])
      })
    },
  )
})

describe('two findings about different ports of one group in two processes', () => {
  const bothPorts = (world: World): Given => {
    world.aws.groups.add('sg-0web', [
      { id: 'sgr-ssh', from: 22, cidr: '0.0.0.0/0' },
      { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' },
      { id: 'sgr-office', from: 22, cidr: '10.0.0.0/8' },
    ])
    const { 'sgr-ssh': _, 'sgr-rdp': __, ...rules } = live(world).rules
    return {
      findings: [sshOpen(world, 'sg-0web'), commonPortsOpen(world, 'sg-0web')],
      wanted: { ...live(world), rules },
    }
  }

  async function bothClosed(choice: Choice) {
    const { world, wanted, reports, ends } = await together(choice, bothPorts)
    expect(live(world)).toEqual(wanted)
    for (const [first] of outcomes(reports)) expect(['remediated', 'alreadyCompliant']).toContain(first)
    expect(ends).toEqual([CLEAN])
    const revoked = changed(world).flatMap(({ input }) => input.SecurityGroupRuleIds)
    expect(revoked.sort()).toEqual(['sgr-rdp', 'sgr-ssh'])
  }

  test('are both closed, wherever they take turns', async () => {
    await everySwitch(20, bothClosed)
  })

  test('are both closed, in any order', async () => {
    await anyOrder(bothClosed)
  })

  test('are both planned and decided about, even when one is declined, wherever they take turns', async () => {
    const answers: Answer[] = [{ kind: 'decline' }, { kind: 'approve' }]
    await everySwitch(30, async (choice, way) => {
      const { world, ends } = await together(choice, bothPorts, { policy: APPROVE, answers })
      const types = (await world.store.list()).flatMap(({ findings }) => findings.map(({ type }) => type))
      expect({ ...way, types: [...new Set(types)].sort() }).toEqual({
        ...way,
        types: ['INCOMING_SSH_DISABLED', 'RESTRICTED_INCOMING_TRAFFIC'],
      })
      expect(ends).toEqual([CLEAN])
    })
  })
})

describe('two findings about the same port of one group in two processes', () => {
  test('are both told by the one run, when the second joined before its end, wherever they take turns', async () => {
    let joined = 0
    await everySwitch(20, async (choice) => {
      const { world, ends } = await together(choice, (inWorld) => {
        inWorld.aws.groups.add('sg-0web', [{ from: 22, cidr: '0.0.0.0/0' }])
        const other = sshOpen(inWorld, 'sg-0web', { id: 'the same, seen by another rule' })
        return { findings: [sshOpen(inWorld, 'sg-0web'), other], wanted: live(inWorld) }
      })
      const [run, ...others] = await world.store.list()
      const attached = (await world.store.attached(run!.id)).map(({ id }) => id)
      expect(run!.findings.map(({ id }) => id)).toEqual(expect.arrayContaining(attached))
      expect(run!.outcome).toBe('remediated')
      expect(others).toEqual([])
      expect(ends).toEqual([CLEAN])
      joined += attached.length
    })
    expect(joined).toBeGreaterThan(0)
  })
})

describe('three runs on one address set in three processes', () => {
  test('all put their address in, one after the other, beside those of others', async () => {
    await anyOrder(async (choice) => {
      const { world, reports, ends } = await together(choice, (inWorld) => {
        const set = inWorld.aws.wafv2.addSet('rectify-block-v4', ['45.9.148.1/32'])
        inWorld.aws.wafv2.addBlockingAcl('web', set, [BALANCER])
        const findings = ['45.155.205.10', '45.155.205.11', '45.155.205.12'].map((ip) =>
          attack(inWorld, [ip]),
        )
        return { findings, wanted: live(inWorld) }
      })
      expect(outcomes(reports)).toEqual([['remediated'], ['remediated'], ['remediated']])
      const addresses = [...world.aws.wafv2.set('rectify-block-v4').Addresses].sort()
      expect(addresses).toEqual(['45.155.205.10/32', '45.155.205.11/32', '45.155.205.12/32', '45.9.148.1/32'])
      expect(changed(world)).toHaveLength(3)
      expect(ends).toEqual([CLEAN])
    })
  })
})

describe('a run that two people decide in the same moment', () => {
  test.each([
    ['approve', 'approve'],
    ['approve', 'decline'],
    ['decline', 'decline'],
  ] as const)('%s and %s: one decision stands, and both see the same end', async (...kinds) => {
    await anyOrder(async (choice) => {
      const { world, wanted, reports, ends } = await together(choice, twice('an open group'), {
        policy: APPROVE,
        answers: kinds.map((kind) => ({ kind })),
      })
      const [[first, ...others], [second, ...further]] = outcomes(reports) as [string[], string[]]
      expect({ second, others, further }).toEqual({ second: first, others: [], further: [] })
      expect(kinds.map((kind) => (kind === 'approve' ? 'remediated' : 'declined'))).toContain(first)
      expect(changed(world)).toHaveLength(first === 'remediated' ? 1 : 0)
      if (first === 'remediated') expect(live(world)).toEqual(wanted)
      expect(ends).toEqual([CLEAN])
    })
  })
})
