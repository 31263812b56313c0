import { beforeEach, describe, expect, test } from '@jest/globals'
import { trailOf } from '../../../src/engine/trail/trail.ts'
import type { Handlers } from '../../support/aws-model/failure.ts'
import { tagList } from '../../support/aws-model/security-groups.ts'
import { AwsModel } from '../../support/aws-model.ts'
import { SimulatedClock } from '../../support/clock.ts'
import { AUTO, start, type World } from '../simulated-world.ts'
import { ANN, applied, GROUP, GROUP_ARN, nameIn, refusing, world } from './group-with-trail.ts'
import { lookedUp, tagged } from './trail-records.ts'

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

  test('is asked about once by each of its names, however often it is looked at', async () => {
    const made = world(AUTO, { 'rectify:mode': 'approve' }, () => lookedUp(tagged))
    const trail = trailOf(made.aws, made.clock)
    const run = await applied(made, { trail })
    made.clock.advance(60_000)
    await start(made, { trail }).engine.approve(run.id, {})
    expect(made.aws.changes()).toHaveLength(1)
    expect(lookups(made)).toBe(2)
  })

  test('has who gave the tag also where the service records the call under the ARN', async () => {
    const made = world(AUTO, EXEMPT, (input) => lookedUp(...(nameIn(input) === GROUP_ARN ? [tagged] : [])))
    expect(await applied(made)).toMatchObject({ tagChange: { by: ANN, event: 'CreateTags' } })
    const names = made.aws.calls.flatMap(({ input }) => (input.LookupAttributes ?? []) as object[])
    expect(names).toEqual(
      [GROUP, GROUP_ARN].map((each) => ({ AttributeKey: 'ResourceName', AttributeValue: each })),
    )
  })

  test('has why CloudTrail does not tell where it refuses to be asked by the ARN', async () => {
    const handler: Handlers[string] = (input, region) =>
      nameIn(input) === GROUP ? lookedUp() : refusing('ThrottlingException')(input, region)
    const run = await applied(world(AUTO, EXEMPT, handler))
    expect(run).toMatchObject({
      outcome: 'exempted',
      tagChange: { unknown: expect.stringMatching(/Throttling/) },
    })
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
