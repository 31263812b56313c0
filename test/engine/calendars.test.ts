import { describe, expect, test } from '@jest/globals'
import { changeCalendars } from '../../src/engine/rails/calendars.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'
import { openGroup } from './approval-scenes.ts'
import { sshOpen, start, type World } from './simulated-world.ts'
import { twoSteps } from './two-step-playbook.ts'

/** SSM Change Calendars as freezes: asked live, and one that cannot be read holds as one that is closed. */

const NAME = 'change-freeze'
const ARN = 'arn:aws:ssm:eu-north-1:999999999999:document/change-freeze'
const policy = (calendar: string, more = '') => `version: 1
rules:
  - mode: auto
freezes:
  - { calendar: "${calendar}"${more} }
`
const MINUTE = 60_000

interface Told {
  State?: string
  NextTransitionTime?: string
}

/** What a calendar says from now on. */
const says = (aws: AwsModel, told: Told | AwsError) =>
  aws.answering('ssm', {
    GetCalendarState: () => {
      if (told instanceof AwsError) throw told
      return { ...told }
    },
  })
const asked = (aws: AwsModel) => aws.calls.filter(({ operation }) => operation === 'GetCalendarState')
const inFuture = (world: Pick<World, 'clock'>, ms: number) => new Date(world.clock.now() + ms).toISOString()
const denied = new AwsError(
  { kind: 'denied', code: 'AccessDeniedException', action: 'ssm:GetCalendarState' },
  'not authorized',
)

const apply = async (world: World, more = {}) =>
  (await start(world).engine.handle([sshOpen(world, 'sg-0web', more)], 'apply')).runs
const letGo = async (world: World) => (await start(world).engine.letGo()).runs
const sweep = async (world: World) => (await start(world).engine.sweep()).runs

describe('a run', () => {
  test('is held while the calendar is closed, until it opens by itself', async () => {
    const world = openGroup(policy(NAME))
    const until = inFuture(world, 3 * 3_600_000)
    says(world.aws, { State: 'CLOSED', NextTransitionTime: until })
    const [held] = await apply(world)
    expect(held).toMatchObject({
      state: 'waiting',
      waitingFor: 'freeze',
      heldBy: { rail: 'freeze', reason: 'freeze "change-freeze"', until },
      waitingUntil: until,
    })
    expect(await letGo(world)).toEqual([])
    expect(world.aws.changes()).toEqual([])

    world.clock.advance(3 * 3_600_000)
    says(world.aws, { State: 'OPEN' })
    expect(await sweep(world)).toMatchObject([{ id: held!.id, outcome: 'remediated' }])
  })

  test('goes on when somebody opens the calendar before, and where nothing says when it opens', async () => {
    const world = openGroup(policy(NAME))
    says(world.aws, { State: 'CLOSED' })
    const [held] = await apply(world)
    expect(held!.heldBy).not.toHaveProperty('until')
    world.clock.advance(5 * MINUTE)
    says(world.aws, { State: 'OPEN' })

    expect(await letGo(world)).toMatchObject([{ id: held!.id, outcome: 'remediated' }])
  })

  test.each<[what: string, told: Told | AwsError, why: string]>([
    ['is denied', denied, 'not authorized'],
    [
      'is not there',
      new AwsError({ kind: 'gone', code: 'InvalidDocument', action: 'x' }, 'no such'),
      'no such',
    ],
    ['has a state that nobody knows', { State: 'AJAR' }, 'AWS calls its state AJAR'],
    ['has no state', {}, 'AWS calls its state undefined'],
  ])('is held where the calendar %s, and asks again after ten minutes', async (_, told, why) => {
    const world = openGroup(policy(NAME))
    says(world.aws, told)
    const [held] = await apply(world)
    expect(held).toMatchObject({
      waitingFor: 'freeze',
      heldBy: {
        reason: `the calendar change-freeze cannot be read: ${why}`,
        until: inFuture(world, 10 * MINUTE),
      },
    })
    expect(world.aws.changes()).toEqual([])
    world.clock.advance(10 * MINUTE)
    says(world.aws, { State: 'OPEN' })
    expect(await sweep(world)).toMatchObject([{ outcome: 'remediated' }])
  })

  test('that is severe enough for an exception is not held, and nobody asks the calendar', async () => {
    const world = openGroup(policy(NAME, ', except: { severity: { atLeast: CRITICAL } }'))
    says(world.aws, { State: 'CLOSED' })

    expect(await apply(world, { severity: 'CRITICAL' })).toMatchObject([{ outcome: 'remediated' }])
    expect(asked(world.aws)).toEqual([])
  })

  test('stops before its next step when the calendar closes in between', async () => {
    const world = openGroup(policy(NAME))
    says(world.aws, { State: 'OPEN' })
    const snapshots = ['snap-0a', 'snap-0b', 'snap-0c']
    for (const id of snapshots) world.aws.ec2.addSnapshot(id)
    world.aws.fault({
      on: 'ec2:ModifySnapshotAttribute',
      nth: 1,
      dryRun: false,
      after: async () => {
        says(world.aws, { State: 'CLOSED' })
        world.clock.advance(MINUTE)
      },
    })
    const about = sshOpen(world, 'sg-0web', {
      type: 'TWO_STEPS',
      resources: [{ type: 'AWS::EC2::Snapshot', id: snapshots[0]! }],
    })
    const { engine } = start(world, { playbooks: [twoSteps({ together: false })] })

    expect((await engine.handle([about], 'apply')).runs).toMatchObject([
      { waitingFor: 'freeze', results: [{ status: 'applied' }] },
    ])
    expect(snapshots.map((id) => world.aws.ec2.isPublic(id))).toEqual([false, true, true])
  })

  test('that takes something back is not held', async () => {
    const world = openGroup(policy(NAME))
    says(world.aws, { State: 'OPEN' })
    const [done] = await apply(world)
    says(world.aws, { State: 'CLOSED' })
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })

    expect((await engine.undo(done!.id, { restFor: 'PT1H' })).runs).toMatchObject([{ outcome: 'undone' }])
  })
})

describe('a calendar', () => {
  const home = async () => ({ account: '123456789012', region: 'eu-west-1', partition: 'aws' })
  function asking(told: Told | AwsError) {
    const clock = new SimulatedClock()
    const aws = new AwsModel(clock)
    says(aws, told)
    return { clock, aws, calendars: changeCalendars(aws, clock, home) }
  }

  test.each([
    [NAME, 'eu-west-1'],
    [ARN, 'eu-north-1'],
  ])('%s is asked in %s, with the credentials of the own account', async (calendar, region) => {
    const { aws, calendars } = asking({ State: 'OPEN' })

    expect(await calendars.ask(calendar)).toEqual({ kind: 'open' })
    expect(asked(aws)).toMatchObject([
      { account: '123456789012', region, input: { CalendarNames: [calendar] } },
    ])
  })

  test('is asked once a minute, by however many runs', async () => {
    const { aws, clock, calendars } = asking({ State: 'CLOSED' })
    await Promise.all(Array.from({ length: 20 }, () => calendars.ask(NAME)))
    clock.advance(MINUTE - 1)
    await calendars.ask(NAME)
    expect(asked(aws)).toHaveLength(1)
    says(aws, { State: 'OPEN' })
    clock.advance(1)
    expect(await calendars.ask(NAME)).toEqual({ kind: 'open' })
    expect(asked(aws)).toHaveLength(2)
  })

  test('that is open is not believed any more when it is to close', async () => {
    const { aws, clock, calendars } = asking({ State: 'OPEN' })
    says(aws, { State: 'OPEN', NextTransitionTime: inFuture({ clock }, 20_000) })
    await calendars.ask(NAME)
    says(aws, { State: 'CLOSED', NextTransitionTime: 'soon' })
    clock.advance(19_999)
    expect(await calendars.ask(NAME)).toEqual({ kind: 'open' })
    clock.advance(1)

    expect(await calendars.ask(NAME)).toEqual({ kind: 'closed' })
  })

  test('is unread where nobody knows where one is', async () => {
    const { aws, clock } = asking({ State: 'OPEN' })
    const calendars = changeCalendars(aws, clock, () => Promise.reject(new Error('no region')))

    expect(await calendars.ask(NAME)).toEqual({ kind: 'unread', why: 'no region' })
  })
})
