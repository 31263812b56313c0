import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Fault } from '../../src/sandbox/front/faults.ts'
import { withSandbox } from '../support/sandbox.ts'
import { patchesMissing, probed, sshOpen } from './detected-events.ts'
import type { Reported } from './pinned-documents.ts'
import { type PlantedSet, type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { sideBySide } from './side-by-side.ts'
import { changes, isChange } from './unplanned-requests.ts'

/**
 * Promise 4, nothing lost: the real process is killed at its calls to AWS. Whoever comes next, the same finding or the
 * sweeper, brings it to the one right end with one change.
 */

const sandbox = withSandbox({ seed: false })
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})

/** Where in its calls a process dies: at the nth call of this operation. */
interface Strike {
  operation: string
  nth: number
  /** Counted from the change on: however often it had to read before, on a machine that stalls. */
  afterChange?: boolean
  /** The request never arrives; it takes effect and is not answered; or the answer is just out. */
  when: 'lost' | 'unanswered' | 'answered'
}

/** A finding about a resource of its own, and the program that shall handle it. */
interface Scene {
  program: Program
  /** The operation that puts it right. */
  change: string
  /** The one right end. */
  right(): Promise<void>
}

const SCENES: Record<string, () => Promise<Scene>> = {
  async 'ec2-close-open-ingress'() {
    const group = await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8', description: 'office' })
    const program = programIn(sandbox())
    program.write('event.json', sshOpen(group))
    return {
      program,
      change: 'RevokeSecurityGroupIngress',
      right: async () => expect(await plant.ingress(group)).toEqual(['tcp 22-22 10.0.0.0/8 "office"']),
    }
  },
  async 'wafv2-block-attacker-ip'() {
    const set = await freeSet()
    const parameters = { ipv4Set: set.name }
    const rules = [{ when: { playbook: 'wafv2-block-attacker-ip' }, mode: 'auto', parameters }]
    const program = programIn(sandbox(), { policy: { version: 1, rules } })
    program.write('event.json', probed({ ports: { 80: ['45.155.205.10', '45.155.205.233'] } }))
    const entries = ['185.220.101.7/32', '45.155.205.10/32', '45.155.205.233/32']
    const right = async () => expect(await plant.entries(set)).toEqual(entries)
    return { program, change: 'UpdateIPSet', right }
  },
  async 'ssm-patch-instance'() {
    const instance = await plant.instance()
    const program = programIn(sandbox())
    program.write('event.json', patchesMissing(instance))
    return {
      program,
      change: 'SendCommand',
      async right() {
        expect(sandbox().control.instances.get(instance)?.patches.missing).toBe(0)
        const sent = sandbox().control.commands.filter(({ instances }) => instances.includes(instance))
        expect(sent).toHaveLength(1)
      },
    }
  },
}

/** Sets are used once; all are blocked by rules of one web ACL, so that every run reads the same. */
const SETS = 40
let sets: PlantedSet[] = []
async function freeSet(): Promise<PlantedSet> {
  if (sets.length === 0) {
    const names = Array.from({ length: SETS }, (_, index) => `block-${index}`)
    sets = await plant.blockSets(names.map((name) => ({ name, family: 4, entries: ['185.220.101.7/32'] })))
  }
  return sets.pop()!
}

/** Runs `apply` and kills it there. The process is dead when this resolves. */
async function killed(program: Program, { operation, nth, when, afterChange }: Strike): Promise<void> {
  const running = program.start('apply', 'event.json')
  const kill = async () => {
    running.child.kill('SIGKILL')
    await running.ended
  }
  const at = { nth, count: 1, when: () => !afterChange || changes(program).length > 0 }
  const faults: Record<Strike['when'], Fault[]> = {
    lost: [{ kind: 'hook', before: kill }, { kind: 'reset' }],
    unanswered: [{ kind: 'hook', after: kill }],
    answered: [{ kind: 'hook', after: () => void setTimeout(kill, 2) }],
  }
  const ends = faults[when].map((fault) => program.strike(operation, fault, at))
  const { signal, stdout } = await running.ended
  for (const end of ends) end()
  // After its last answer the process may be quicker than the signal.
  if (when !== 'answered') expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: '' })
}

/** Who comes after the dead: the same finding, or the sweeper and then the same finding. */
type Next = 'apply' | 'sweep'

/** One change, one run, and no lock left, by which a further `apply` would wait. */
async function endsOnce(playbook: string, strikes: Strike[], next: Next): Promise<void> {
  const { program, right } = await SCENES[playbook]!()
  for (const strike of strikes) await killed(program, strike)

  // A port probe also has an entry of the playbook for groups, which it names none of.
  const ofPlaybook = ({ runs }: Reported) => runs.filter((each) => each.playbook === playbook)
  const first = await program.report(...(next === 'sweep' ? ['sweep'] : ['apply', 'event.json']))
  const again = await program.report('apply', 'event.json')
  const stored = await program.report('runs')

  const [run] = ofPlaybook(again)
  expect(run).toMatchObject({ state: 'closed', outcome: 'remediated' })
  expect(ofPlaybook(stored)).toEqual([run])
  // After its last answer the process may have stored the end before the signal came: then nothing is left to sweep.
  const perhapsOver = next === 'sweep' && strikes.at(-1)?.when === 'answered' && first.runs.length === 0
  if (!perhapsOver) expect(ofPlaybook(first)).toEqual([run])
  expect([first.status, again.status]).toEqual([0, 0])
  expect(changes(program).filter(({ status }) => status === 200)).toHaveLength(1)
  await right()
}

/** Before the write-ahead nothing is stored: there is no run to carry on, and the next finding starts afresh. */
async function startsAfresh(playbook: string, strike: Strike): Promise<void> {
  const { program, right } = await SCENES[playbook]!()
  await killed(program, strike)
  expect(changes(program)).toEqual([])
  const stored = await program.report('runs')
  expect(stored.runs.find((run) => run.playbook === playbook)).toBeUndefined()

  const { status, runs } = await program.report('apply', 'event.json')

  expect(runs.find((run) => run.playbook === playbook)).toMatchObject({ outcome: 'remediated' })
  expect(status).toBe(0)
  expect(changes(program)).toHaveLength(1)
  await right()
}

/**
 * The calls of an undisturbed run, and how it dies at them: at the first, at the last before the write-ahead, at the change
 * (lost, or not answered), and at the last one, lost, or when its answer is out and the end cannot be stored yet. At every
 * other call it is killed on ports (test/engine/kills.test.ts): a read that is not answered is a read that never was.
 */
async function strikesOf(playbook: string): Promise<Record<'before' | 'after', Strike[]>> {
  const { program } = await SCENES[playbook]!()
  const { runs } = await program.report('apply', 'event.json')
  expect(runs.find((run) => run.playbook === playbook)).toMatchObject({ outcome: 'remediated' })
  const requests = program.requests()
  const change = requests.findIndex(isChange)
  const strike = (index: number, when: Strike['when']): Strike => {
    const { operation } = requests[index]!
    const afterChange = index > change
    const counted = requests.slice(afterChange ? change : 0, index + 1)
    const nth = counted.filter((earlier) => earlier.operation === operation).length
    return { operation, nth, when, afterChange }
  }
  // A merge step reads its set again between the write-ahead and the write.
  const writeAhead = requests[change - 1]?.operation === 'GetIPSet' ? change - 1 : change
  const last = requests.length - 1
  expect(last).toBeGreaterThan(change)
  return {
    before: [strike(0, 'lost'), strike(writeAhead - 1, 'lost')],
    after: [
      ...(writeAhead < change ? [strike(writeAhead, 'lost')] : []),
      ...[strike(change, 'lost'), strike(change, 'unanswered')],
      ...[strike(last, 'lost'), strike(last, 'answered')],
    ],
  }
}

/** Side by side, as far as two processors carry it; what went wrong is told with where. */
async function each(strikes: Strike[], check: (strike: Strike) => Promise<void>): Promise<void> {
  const wrong: string[] = []
  await sideBySide(strikes, (strike) =>
    check(strike).catch((error: Error) => {
      const { when, operation, nth } = strike
      wrong.push(`${operation} ${nth} ${when}: ${error.message}`)
    }),
  )
  expect(wrong).toEqual([])
}

describe.each(Object.keys(SCENES))('%s', (playbook) => {
  let strikes: Record<'before' | 'after', Strike[]>
  beforeAll(async () => {
    strikes = await strikesOf(playbook)
  })

  test('killed before the write-ahead, at its first call or its last, it leaves nothing to clean up', async () => {
    await each(strikes.before, (strike) => startsAfresh(playbook, strike))
  })

  // Who comes next is one or the other in turn: that each of them finishes whatever was left is shown on ports
  // (test/engine/kills.test.ts).
  test('killed at a later call: one change, one run, no lock left, whoever comes next', async () => {
    expect(strikes.after.length).toBeGreaterThan(3)
    const next = new Map(
      strikes.after.map((strike, index) => [strike, index % 2 === 0 ? 'apply' : 'sweep'] as const),
    )
    await each(strikes.after, (strike) => endsOnce(playbook, [strike], next.get(strike)!))
  })
})

describe('killed a second time, while it finds out what the first death left', () => {
  const cases: [playbook: string, looking: string][] = [
    ['ec2-close-open-ingress', 'DescribeSecurityGroupRules'],
    ['wafv2-block-attacker-ip', 'GetIPSet'],
    ['ssm-patch-instance', 'ListCommands'],
  ]
  test.each(cases)('%s at %s: one change all the same', async (playbook, looking) => {
    const change = (await SCENES[playbook]!()).change
    const first: Strike = { operation: change, nth: 1, when: 'unanswered' }
    await endsOnce(playbook, [first, { operation: looking, nth: 1, when: 'lost' }], 'sweep')
  })
})
