import { beforeEach, describe, expect, test } from '@jest/globals'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { type Asking, askDetectors, type Turn } from '../../src/engine/asking/ask.ts'
import { analyzer, inAnalyzer, inGuardDuty, inHub, inInspector } from '../detectors/answer-samples.ts'
import { OpenFindings } from '../support/aws-model/open-findings.ts'
import { awsWithin, Killed, Life, storeWithin } from './killed-process.ts'
import { newWorld, type World } from './simulated-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let world: World
let open: OpenFindings
/** Resources of what was handed on, turn by turn. */
let handed: string[][]

beforeEach(() => {
  world = newWorld()
  open = new OpenFindings()
  handed = []
  for (const [service, handlers] of open.handlers()) world.aws.answering(service, handlers)
  const at = world.clock.iso()
  for (const id of ['sg-1', 'sg-2', 'sg-3', 'sg-4', 'sg-5'])
    open.results.push({ rule: 'restricted-ssh', id, at })
  open.hub.push(inHub('sg-1', at), inHub('sg-6', at), inHub('sg-7', at))
  open.guardDuty.push(inGuardDuty('f1', at, {}, { Resource: instance('i-0f1') }))
  open.analyzers.push(analyzer('own'))
  open.shared.set(String(analyzer('own').arn), [inAnalyzer('one', at), inAnalyzer('two', at)])
  open.inspector.push(
    inInspector('v1', at, { resources: [{ type: 'AWS_EC2_INSTANCE', id: 'i-0a1b2c3d4e5f60718' }] }),
  )
})

const instance = (InstanceId: string) => ({ ResourceType: 'Instance', InstanceDetails: { InstanceId } })

/** All that is open, each as often as detectors say so. */
const ALL = [
  ...['i-0a1b2c3d4e5f60718', 'i-0f1', 'one', 'sg-1', 'sg-1'],
  ...['sg-2', 'sg-3', 'sg-4', 'sg-5', 'sg-6', 'sg-7', 'two'],
]

const asking = (more: Partial<Asking> = {}): Asking => ({
  detectors: DETECTORS,
  places: [world.aws.place],
  bookmark: 'detectors',
  most: { perTurn: 100, perDay: 1000 },
  isWanted: false,
  policy: 'sha256:1',
  ...more,
})

const idsIn = ({ findings }: Turn): string[] => findings.flatMap(({ resources: [first] }) => first!.id)

const ask = (more: Partial<Asking> = {}, life?: Life): Promise<Turn | undefined> => {
  const ports = life
    ? {
        ...world,
        aws: awsWithin(world, life.around.bind(life)),
        store: storeWithin(world.store, life.around.bind(life)),
      }
    : world
  return askDetectors(ports, asking(more), async (turn) => {
    const hand = async () => void handed.push(idsIn(turn))
    await (life ? life.around('hand on', hand) : hand())
  })
}

const states = (turn: Turn | undefined) => turn?.asked.map(({ detector, state }) => `${detector} ${state}`)
const calls = () => world.aws.calls.map(({ action }) => action)

test('all that is open in an account is handed on together, with who was asked and by how many calls', async () => {
  const turn = await ask()
  expect(handed.flat().sort()).toEqual(ALL)
  expect(turn).toMatchObject({ isPartly: false, elsewhere: 0, rejected: [] })
  expect(
    turn?.asked.map(({ detector, calls, findings, state }) => [detector, calls, findings, state]),
  ).toEqual([
    ['config', 4, 5, 'asked'],
    ['securityhub', 2, 3, 'asked'],
    ['guardduty', 3, 1, 'asked'],
    ['accessanalyzer', 2, 2, 'asked'],
    ['inspector', 1, 1, 'asked'],
  ])
})

test('findings of accounts for which there are no credentials are counted, and not handed on', async () => {
  const [first] = open.shared.get(String(analyzer('own').arn))!
  first!.resourceOwnerAccount = '999988887777'
  expect(await ask()).toMatchObject({ elsewhere: 1 })
  expect(handed.flat()).toHaveLength(ALL.length - 1)
})

describe('once a day', () => {
  test('and not twice: within it nothing is asked, after it everything again', async () => {
    await ask()
    const first = calls().length
    world.clock.advance(DAY - 1)
    expect(await ask()).toBeUndefined()
    expect(calls()).toHaveLength(first)
    world.clock.advance(1)
    await ask()
    expect(calls()).toHaveLength(2 * first)
    expect(handed.map((ids) => ids.length)).toEqual([ALL.length, ALL.length])
  })

  test('whoever wants it now gets it now', async () => {
    await ask()
    expect((await ask({ isWanted: true }))?.findings).toHaveLength(ALL.length)
  })

  test('a policy that has changed since is told, a first round and the same one are not', async () => {
    expect((await ask())?.isUnderNewPolicy).toBe(false)
    world.clock.advance(DAY)
    expect((await ask({ policy: 'sha256:2' }))?.isUnderNewPolicy).toBe(true)
    world.clock.advance(DAY)
    expect((await ask({ policy: 'sha256:2' }))?.isUnderNewPolicy).toBe(false)
  })
})

describe('within a budget', () => {
  test('a turn ends after so many calls, and the next goes on where it was', async () => {
    const turns: number[] = []
    for (let turn = await ask({ most: { perTurn: 3, perDay: 100 } }); turn; ) {
      turns.push(turn.asked.reduce((sum, each) => sum + each.calls, 0))
      turn = await ask({ most: { perTurn: 3, perDay: 100 } })
    }
    expect(turns).toEqual([3, 3, 3, 3])
    expect(handed.flat().sort()).toEqual(ALL)
  })

  test('what the calls of a day do not suffice for is first on the next', async () => {
    const most = { perTurn: 100, perDay: 7 }
    expect(states(await ask({ most }))).toEqual(['config asked', 'securityhub asked', 'guardduty partly'])
    expect(await ask({ most })).toBeUndefined()
    world.clock.advance(DAY)
    expect(states(await ask({ most }))).toEqual([
      'guardduty asked',
      'accessanalyzer asked',
      'inspector asked',
    ])
    expect(handed.flat().sort()).toEqual(ALL)
  })

  test('no call is begun after the time is over', async () => {
    world.aws.fault({ on: 'securityhub:GetFindings', nth: 1, delayMs: HOUR })
    const turn = await ask({ until: world.clock.now() + HOUR })
    expect(states(turn)).toEqual(['config asked', 'securityhub partly'])
    expect(turn?.isPartly).toBe(true)
  })
})

describe('one who dies', () => {
  test('at whatever point leaves nothing out: the next goes on, and all is handed on', async () => {
    const life = new Life()
    const most = { perTurn: 4, perDay: 100 }
    const wholeRound = async (bookmark: string, last?: Life) => {
      while (await ask({ most, bookmark }, last));
    }
    await wholeRound('nobody dies', life)
    expect(life.points.filter((point) => point.includes(':')).length).toBe(2 * 12)
    for (let end = 0; end < life.points.length; end++) {
      handed = []
      await wholeRound(`dies at ${end}`, new Life(end)).catch((error) => {
        if (!(error instanceof Killed)) throw error
      })
      await wholeRound(`dies at ${end}`)
      expect([...new Set(handed.flat())].sort()).toEqual([...new Set(ALL)])
    }
  })

  test('again and again in one turn has turns of half the calls, down to one, until one is kept', async () => {
    const sizes: number[] = []
    const fail = async (turn: Turn) => {
      sizes.push(turn.asked.reduce((sum, each) => sum + each.calls, 0))
      throw new Killed('while handing on')
    }
    for (let times = 0; times < 6; times++)
      await expect(askDetectors(world, asking({ most: { perTurn: 8, perDay: 100 } }), fail)).rejects.toThrow(
        Killed,
      )
    expect(sizes).toEqual([8, 4, 2, 1, 1, 1])
    expect((await ask({ most: { perTurn: 8, perDay: 100 } }))?.asked[0]?.calls).toBe(1)
    expect(
      (await ask({ most: { perTurn: 8, perDay: 100 } }))?.asked.reduce((sum, { calls: n }) => sum + n, 0),
    ).toBe(8)
  })
})

describe('a token that AWS no longer takes', () => {
  test('has its detector asked anew from the beginning, and the others go on', async () => {
    await ask({ most: { perTurn: 3, perDay: 100 } })
    open.forgetTokens()
    handed = []
    const turn = await ask()
    expect(turn?.asked[0]).toMatchObject({ detector: 'config', state: 'asked', calls: 5, findings: 5 })
    expect(handed.flat().sort()).toEqual(ALL)
  })

  test('and one of another version of what is stored too', async () => {
    await ask({ most: { perTurn: 3, perDay: 100 } })
    const stored = await world.store.bookmark('detectors')
    await world.store.setBookmark('detectors', { ...(stored as object), form: 0 })
    handed = []
    await ask()
    expect(handed.flat().sort()).toEqual(ALL)
  })

  test('that it gave a moment ago is a fault like any other', async () => {
    world.aws.fault({ on: 'securityhub:GetFindings', nth: 2, kind: { code: 'InvalidInputException' } })
    const turn = await ask()
    expect(turn?.asked[1]).toMatchObject({ state: 'unread', calls: 2, action: 'securityhub:GetFindings' })
    // What came before is handed on all the same.
    expect(turn?.asked[1]?.findings).toBe(2)
    expect(states(turn)).toContain('inspector asked')
  })
})

describe('what goes wrong with one detector keeps no other from its turn', () => {
  test('a denied read names its action', async () => {
    world.aws.fault({ on: 'config:DescribeComplianceByConfigRule', kind: 'deny' })
    const turn = await ask()
    expect(turn?.asked[0]).toMatchObject({ state: 'unread', action: 'config:DescribeComplianceByConfigRule' })
    expect(
      states(turn)
        ?.slice(1)
        .every((state) => state.endsWith(' asked')),
    ).toBe(true)
  })

  test('one that is not enabled is said, and is no error', async () => {
    world.aws.fault({ on: 'securityhub:GetFindings', kind: { code: 'InvalidAccessException' } })
    open.hasDetector = false
    open.analyzers.length = 0
    expect(states(await ask())).toEqual([
      'config asked',
      'securityhub off',
      'guardduty off',
      'accessanalyzer off',
      'inspector asked',
    ])
  })

  test('too busy an AWS is left alone until a later turn, and given up at the fourth', async () => {
    world.aws.fault({ on: 'securityhub:GetFindings', kind: 'throttle' })
    const turns = []
    for (let times = 0; times < 4; times++) turns.push(states(await ask()))
    expect(turns.slice(0, 3)).toEqual([
      ['config asked', 'securityhub partly'],
      ['securityhub partly'],
      ['securityhub partly'],
    ])
    expect(turns[3]).toEqual([
      'securityhub unread',
      'guardduty asked',
      'accessanalyzer asked',
      'inspector asked',
    ])
    expect(handed.flat()).toHaveLength(ALL.length - 3)
  })

  test('and goes on where it was once AWS has time', async () => {
    world.aws.fault({ on: 'securityhub:GetFindings', nth: 2, kind: 'throttle' })
    await ask()
    expect((await ask())?.asked[0]).toMatchObject({
      detector: 'securityhub',
      calls: 1,
      findings: 1,
      state: 'asked',
    })
    expect(handed.flat().sort()).toEqual(ALL)
  })

  test('there is no later turn for a person: the others are asked now', async () => {
    world.aws.fault({ on: 'securityhub:GetFindings', kind: 'throttle' })
    expect(states(await ask({ isWanted: true }))).toEqual([
      'config asked',
      'securityhub unread',
      'guardduty asked',
      'accessanalyzer asked',
      'inspector asked',
    ])
  })
})

test('a place that is no longer asked about ends nothing: the round begins anew with those that are', async () => {
  const member = { ...world.aws.place, region: 'us-east-1' }
  await ask({ places: [member], most: { perTurn: 3, perDay: 100 } })
  handed = []
  await ask()
  expect(handed.flat().sort()).toEqual(ALL)
})
