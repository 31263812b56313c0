import { beforeEach, describe, expect, test } from '@jest/globals'
import { trailOf } from '../../../src/engine/trail/trail.ts'
import { failure, type Handlers } from '../../support/aws-model/failure.ts'
import { tagList } from '../../support/aws-model/security-groups.ts'
import { AwsModel } from '../../support/aws-model.ts'
import { SimulatedClock } from '../../support/clock.ts'
import { AUTO, newWorld, sshOpen, start, type World } from '../simulated-world.ts'
import { lookedUp, tagged } from './trail-records.ts'

const GROUP = 'sg-0web'
const GROUP_ARN = `arn:aws:ec2:eu-west-1:123456789012:security-group/${GROUP}`
const ANN = 'arn:aws:sts::123456789012:assumed-role/Admin/ann'
const ABOUT = { arn: GROUP_ARN, name: GROUP }

let clock: SimulatedClock
let aws: AwsModel
beforeEach(() => {
  clock = new SimulatedClock()
  aws = new AwsModel(clock)
})

function trail(LookupEvents: Handlers[string] = () => lookedUp(tagged)) {
  aws.answering('cloudtrail', { LookupEvents })
  return trailOf(aws, clock)
}

const refusing = (code: string): Handlers[string] => {
  return () => {
    throw failure('cloudtrail:LookupEvents', code)
  }
}

describe('CloudTrail', () => {
  test('is asked for the events of a resource by its name, the latest first', async () => {
    const older = { ...tagged, eventName: 'AuthorizeSecurityGroupIngress', eventTime: '2026-11-20T08:00:00Z' }
    const answer = await trail(() => lookedUp(older, tagged))(
      aws.place,
      ABOUT,
      Date.parse('2026-11-20T00:00Z'),
    )
    expect(answer).toMatchObject({ events: [{ name: 'CreateTags' }, { name: older.eventName }] })
    expect(aws.calls).toMatchObject([
      {
        action: 'cloudtrail:LookupEvents',
        region: 'eu-west-1',
        input: {
          LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: GROUP }],
          MaxResults: 50,
          StartTime: new Date('2026-11-20T00:00Z'),
        },
      },
    ])
  })

  test('is asked in the one region that has the events of a service without regions', async () => {
    await trail()(aws.place, { arn: 'arn:aws:iam::123456789012:role/app', name: 'app' })
    expect(aws.calls).toMatchObject([{ region: 'us-east-1' }])
  })

  test('is not asked about the same again for ten minutes', async () => {
    const ask = trail()
    await Promise.all([ask(aws.place, ABOUT), ask(aws.place, ABOUT)])
    clock.advance(10 * 60_000 - 1)
    await ask(aws.place, ABOUT)
    expect(aws.calls).toHaveLength(1)
    clock.advance(1)
    await ask(aws.place, ABOUT)
    expect(aws.calls).toHaveLength(2)
  })

  test('is asked twice a second and not more: nobody waits for a turn', async () => {
    const ask = trail()
    const about = (name: string) => ask(aws.place, { arn: GROUP_ARN, name })
    const answers = await Promise.all(['sg-0a', 'sg-0b', 'sg-0c'].map(about))
    expect(aws.calls).toHaveLength(2)
    expect(answers[2]).toEqual({ silent: expect.stringContaining('two look-ups a second') })
    clock.advance(1_000)
    expect(await about('sg-0c')).toMatchObject({ events: [{}] })
  })

  test('is not asked again for a while by whoever may not ask, whatever it is about', async () => {
    const ask = trail(refusing('AccessDeniedException'))
    const silent = { silent: 'cloudtrail:LookupEvents: AccessDeniedException' }
    expect(await ask(aws.place, ABOUT)).toEqual(silent)
    clock.advance(5_000)
    expect(await ask(aws.place, { ...ABOUT, name: 'sg-0other' })).toEqual(silent)
    expect(aws.calls).toHaveLength(1)
  })

  test('that is too busy says nothing, once: what is nice to know is not tried again and again', async () => {
    expect(await trail(refusing('ThrottlingException'))(aws.place, ABOUT)).toEqual({
      silent: 'cloudtrail:LookupEvents: ThrottlingException',
    })
    expect(aws.calls).toMatchObject([{ attempts: 1 }])
  })
})

function world(policy: string, tags: Record<string, string>, LookupEvents?: Handlers[string]): World {
  const made = newWorld(policy)
  made.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }], { tags })
  if (LookupEvents) made.aws.answering('cloudtrail', { LookupEvents })
  return made
}

async function applied(made: World, answer?: Parameters<typeof start>[1]) {
  const trail = trailOf(made.aws, made.clock)
  const { runs } = await start(made, { trail, ...answer }).engine.handle([sshOpen(made, GROUP)], 'apply')
  return runs[0]!
}

const lookups = ({ aws: { calls } }: World) => calls.filter(({ service }) => service === 'cloudtrail').length

describe('a run that a tag of the owner has made stricter', () => {
  const EXEMPT = { 'rectify:exempt-until': '2099-12-31' }

  test('has in its audit who gave the tag last, by which call and when', async () => {
    const made = world(AUTO, EXEMPT, () => lookedUp(tagged))
    const run = await applied(made)
    const change = {
      tag: 'rectify:exempt-until',
      by: ANN,
      event: 'CreateTags',
      at: '2026-11-21T08:30:00.000Z',
    }
    expect(run).toMatchObject({ outcome: 'exempted', tagChange: change })
    const [closed] = await made.store.audit(run.id)
    expect(closed).toMatchObject({ event: 'closed', detail: { tagChange: change } })
    expect(lookups(made)).toBe(1)
  })

  test.each<[string, Handlers[string], RegExp]>([
    ['may not be asked', refusing('AccessDeniedException'), /AccessDenied/],
    ['is too busy', refusing('ThrottlingException'), /Throttling/],
    ['has nothing', () => lookedUp(), /no event of late that gave it/],
    ['has another tag only', () => lookedUp({ ...tagged, requestParameters: {} }), /no event of late/],
    ['has that it was taken off', () => lookedUp({ ...tagged, eventName: 'DeleteTags' }, tagged), /no event/],
    ['answers what nobody understands', () => ({ Events: [{ CloudTrailEvent: '{' }, {}] }), /no event/],
  ])('ends as it would all the same where CloudTrail %s, and says so', async (_, handler, why) => {
    const run = await applied(world(AUTO, EXEMPT, handler))
    expect(run).toMatchObject({ outcome: 'exempted', reason: expect.stringContaining('2099-12-31') })
    expect(run.tagChange).toEqual({
      tag: 'rectify:exempt-until',
      unknown: expect.stringMatching(/^CloudTrail does not tell: /),
    })
    expect(run.tagChange!.unknown).toMatch(why)
  })

  test('is asked about once, however often it is looked at', async () => {
    const made = world(AUTO, { 'rectify:mode': 'approve' }, () => lookedUp(tagged))
    const trail = trailOf(made.aws, made.clock)
    const run = await applied(made, { trail })
    made.clock.advance(60_000)
    await start(made, { trail }).engine.approve(run.id, {})
    expect(made.aws.changes()).toHaveLength(1)
    expect(lookups(made)).toBe(1)
  })

  test('is the only one for which CloudTrail is asked', async () => {
    const plain = world(AUTO, { 'rectify:mode': 'auto', team: 'web' }, () => lookedUp(tagged))
    expect(await applied(plain)).toMatchObject({ outcome: 'remediated' })
    const off = world(AUTO.replace('auto', 'off'), { 'rectify:mode': 'auto' }, () => lookedUp(tagged))
    expect(await applied(off)).not.toHaveProperty('tagChange')
    expect(lookups(plain) + lookups(off)).toBe(0)
  })

  test('forgets it where the tag is gone when it is looked at again', async () => {
    const made = world(AUTO.replace('auto', 'approve'), { 'rectify:mode': 'notify' }, () => lookedUp(tagged))
    expect(await applied(made)).toHaveProperty('tagChange')
    made.aws.groups.groups.get(GROUP)!.Tags = tagList({})
    made.clock.advance(60_000)
    expect(await applied(made)).not.toHaveProperty('tagChange')
  })
})

describe('a fight', () => {
  const FIGHTS = `${AUTO}limits: { fights: { times: 2, within: 1d } }\n`
  const BOB = 'arn:aws:iam::123456789012:user/bob'
  const by = (arn: string, eventName: string, made: World, more: object = {}) => ({
    ...tagged,
    userIdentity: { type: 'IAMUser', arn },
    eventName,
    eventTime: made.clock.iso(),
    ...more,
  })

  /** Twice put right and twice undone; then it is found open once more. */
  async function fought(records: (made: World) => object[], tags: Record<string, string> = {}) {
    let events: object[] = []
    const made = world(FIGHTS, tags, () => lookedUp(...events))
    const rounds: string[] = []
    for (const round of [0, 1, 2]) {
      if (round > 0) made.aws.groups.addRule(GROUP, { id: `sgr-0b${round}`, from: 22, cidr: '0.0.0.0/0' })
      made.clock.advance(60_000)
      events = records(made)
      const run = await applied(made)
      rounds.push(String(run.outcome ?? run.waitingFor))
      if (round === 2) return { rounds, run, made, warnings: run.plan!.warnings.join('\n') }
    }
    throw new Error('three rounds')
  }

  test('names who undid the last fix, what manages the resource, and both states', async () => {
    const tags = { 'aws:cloudformation:stack-name': 'web', 'aws:cloudformation:logical-id': 'Group' }
    const { rounds, run, warnings } = await fought(
      (made) => [
        by(ANN, 'CreateTags', made),
        by(BOB, 'AuthorizeSecurityGroupIngress', made),
        by('arn:aws:sts::123456789012:assumed-role/RectifyChange/run', 'RevokeSecurityGroupIngress', made, {
          userIdentity: {
            type: 'AssumedRole',
            arn: 'arn:aws:sts::123456789012:assumed-role/RectifyChange/run',
          },
        }),
      ],
      tags,
    )
    expect(rounds).toEqual(['remediated', 'remediated', 'approval'])
    expect(warnings).toContain('put right 2 times within P1D, and undone each time')
    expect(warnings).toContain(`; the last time by ${BOB} (AuthorizeSecurityGroupIngress, `)
    // Who only tagged it has not undone anything.
    expect(warnings).not.toContain(ANN)
    expect(warnings).not.toContain('RectifyChange')
    expect(warnings).toContain('what puts it back: CloudFormation stack web (Group)')
    expect(warnings).toMatch(
      /goes back and forth between \{"rules":\[\{.*0\.0\.0\.0\/0.* and \{"rules":\[\]\}/,
    )
    expect(run.reason).toContain(BOB)
  })

  test('names whoever changed the resource where none of the calls is the opposite of the fix', async () => {
    const { warnings } = await fought((made) => [by(ANN, 'ModifySecurityGroupRules', made)])
    expect(warnings).toContain(
      `the opposite of the fix, and these name it: ${ANN} (ModifySecurityGroupRules, `,
    )
  })

  test('leaves out what a person at a terminal did through the engine', async () => {
    const { warnings } = await fought((made) => [
      by(made.aws.caller.arn, 'RevokeSecurityGroupIngress', made, {
        // When the last fix was made.
        eventTime: new Date(made.clock.now() - 60_000).toISOString(),
      }),
      by(made.aws.caller.arn, 'AuthorizeSecurityGroupIngress', made),
    ])
    expect(warnings).toContain(
      `by ${new AwsModel(new SimulatedClock()).caller.arn} (AuthorizeSecurityGroupIngress`,
    )
    expect(warnings).not.toContain('RevokeSecurityGroupIngress')
  })

  test('asks a person all the same where nobody is named, and says why not', async () => {
    const { rounds, warnings } = await fought(() => [])
    expect(rounds[2]).toBe('approval')
    expect(warnings).toContain(
      'by somebody whom no detector names; CloudTrail has no change by anybody else since the last time',
    )
  })

  test('asks a person all the same where CloudTrail refuses, or nobody can ask it', async () => {
    for (const isThere of [true, false]) {
      const made = world(FIGHTS, {}, refusing('AccessDeniedException'))
      let run = await applied(made)
      for (const round of [1, 2]) {
        made.aws.groups.addRule(GROUP, { id: `sgr-0b${round}`, from: 22, cidr: '0.0.0.0/0' })
        made.clock.advance(60_000)
        const { runs } = await start(
          made,
          isThere ? { trail: trailOf(made.aws, made.clock) } : {},
        ).engine.handle([sshOpen(made, GROUP)], 'apply')
        run = runs[0]!
      }
      expect(run).toMatchObject({ waitingFor: 'approval' })
      expect(run.plan!.warnings.join('\n')).toContain(
        isThere ? 'CloudTrail does not tell: cloudtrail:LookupEvents: ' : 'nothing here can ask CloudTrail',
      )
    }
  })
})
