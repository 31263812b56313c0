import { describe, expect, test } from '@jest/globals'
import { byEitherName } from '../../../src/engine/trail/by-either-name.ts'
import { tagChangeOf } from '../../../src/engine/trail/tag-change.ts'
import { type Trail, trailOf } from '../../../src/engine/trail/trail.ts'
import { whoUndid } from '../../../src/engine/trail/who-undid.ts'
import { AwsModel } from '../../support/aws-model.ts'
import { SimulatedClock } from '../../support/clock.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { GROUP, GROUP_ARN, nameIn } from './group-with-trail.ts'
import { lookedUp, tagged } from './trail-records.ts'

const AT = { account: '123456789012', region: 'eu-west-1', partition: 'aws' }
const TAG = 'rectify:exempt-until'
const read = { ...tagged, eventName: 'DescribeSecurityGroups', readOnly: true }

type Answer = Record<string, unknown>

/** CloudTrail that answers so by the id and by the ARN of the group. */
function trailWith(byId: Answer, byArn: Answer = lookedUp()) {
  const aws = new AwsModel(new SimulatedClock())
  aws.answering('cloudtrail', {
    LookupEvents: (input) => (nameIn(input) === GROUP ? byId : nameIn(input) === GROUP_ARN ? byArn : {}),
  })
  return { aws, trail: trailOf(aws, new SimulatedClock()) }
}

const run = sampleRun({ ...AT, resource: GROUP_ARN, target: { resource: GROUP_ARN, id: GROUP, key: GROUP } })
const tagChange = (ports: { aws: AwsModel; trail: Trail }) =>
  tagChangeOf({ run, ports, place: AT } as unknown as Parameters<typeof tagChangeOf>[0], {
    kind: 'tag',
    tag: TAG,
  })
const undone = (ports: { aws: AwsModel; trail: Trail }) =>
  whoUndid({ run, ports } as unknown as Parameters<typeof whoUndid>[0], {
    ...run,
    changedAt: '2026-11-20T08:00:00.000Z',
  })

describe('what CloudTrail does not tell is not told as what it does not have', () => {
  const cut = { ...lookedUp(read, read), NextToken: 'more' }
  const CUT = 'only the latest 2 of its events were read'

  test('where it has more events than one answer holds', async () => {
    expect(await undone(trailWith(cut))).toBe(
      `CloudTrail does not tell all (${CUT}), and of what it tells has no change by anybody else since the last time`,
    )
    expect(await tagChange(trailWith(cut))).toEqual({ tag: TAG, unknown: `CloudTrail does not tell: ${CUT}` })
    expect(await tagChange(trailWith(lookedUp(), cut))).toEqual({
      tag: TAG,
      unknown: `CloudTrail does not tell: ${CUT}`,
    })
  })

  test('where it is asked by the id and not by the ARN', async () => {
    const made = trailWith(lookedUp({ ...tagged, eventName: 'ModifySecurityGroupRules' }))
    await made.trail(AT, { arn: 'arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1', name: 'vpc-1' })
    expect(await undone(made)).toMatch(
      /^CloudTrail does not tell all \(by its ARN: it takes two look-ups a second, .*\), and of what it tells has no call/,
    )
    const tagless = trailWith(lookedUp({ ...tagged, requestParameters: {} }))
    await tagless.trail(AT, { arn: 'arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1', name: 'vpc-1' })
    expect(await tagChange(tagless)).toEqual({
      tag: TAG,
      unknown: expect.stringMatching(/^CloudTrail does not tell: by its ARN: it takes two look-ups a second/),
    })
  })
})

test('two calls of one caller in one second are two, and one that stands under both names is one', async () => {
  const other = { ...tagged, requestParameters: { tagSet: { items: [{ key: 'cost', value: '1' }] } } }
  const { trail } = trailWith(lookedUp(other), lookedUp(tagged, other))
  const answer = await byEitherName(trail, AT, { arn: GROUP_ARN, id: GROUP }, () => false)
  expect(answer).toMatchObject({ events: [{}, {}] })
  expect(await tagChange(trailWith(lookedUp(), lookedUp(tagged, other)))).toMatchObject({
    event: 'CreateTags',
  })
})
