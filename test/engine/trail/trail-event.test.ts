import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { names, trailEvent, trailText } from '../../../src/engine/trail/trail-event.ts'
import { CORPUS_FILES, corpusText } from '../../support/event-corpus.ts'
import { tagged } from './trail-records.ts'

/** What CloudTrail has of a call, read for a person. */

const event = (more: object = {}) => trailEvent(JSON.stringify({ ...tagged, ...more }))

describe('an event of CloudTrail', () => {
  test('says who changed something, by which call and when', () => {
    const read = event()
    expect(read).toMatchObject({
      name: 'CreateTags',
      at: '2026-11-21T08:30:00.000Z',
      by: 'arn:aws:sts::123456789012:assumed-role/Admin/ann',
    })
    expect(trailText(read!)).toBe(
      'arn:aws:sts::123456789012:assumed-role/Admin/ann (CreateTags, 2026-11-21T08:30:00.000Z)',
    )
  })

  test('names the service that called on somebody’s behalf, which is how stacks change things', () => {
    const userIdentity = { ...tagged.userIdentity, invokedBy: 'cloudformation.amazonaws.com' }
    expect(trailText(event({ userIdentity })!)).toContain('ann by way of cloudformation.amazonaws.com (')
    const service = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' }
    expect(trailText(event({ userIdentity: service })!)).toMatch(/^autoscaling\.amazonaws\.com \(CreateTags/)
  })

  test.each<[string, object]>([
    ['was refused', { errorCode: 'Client.UnauthorizedOperation' }],
    ['was a dry run', { errorCode: 'Client.DryRunOperation' }],
    ['only read', { readOnly: true }],
    ['only read, by its name', { readOnly: undefined, eventName: 'DescribeTags' }],
    [
      "was the engine's own",
      {
        userIdentity: {
          type: 'AssumedRole',
          arn: 'arn:aws:sts::123456789012:assumed-role/RectifyChange/01JD8Q4Z3MX7P0V6T2C9KB5RWA',
        },
      },
    ],
    ['names nobody', { userIdentity: {} }],
    ['has no time', { eventTime: 'lately' }],
    ['has no name', { eventName: '' }],
    ['has an error that is no text', { errorCode: 5 }],
  ])('tells of nobody where the call %s', (_, more) => {
    expect(event(more)).toBeUndefined()
  })

  test('that is anything at all is read or left out, and never breaks a run', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((v) => JSON.stringify({ ...tagged, requestParameters: v })),
        ),
        (text) => {
          const read = trailEvent(text)
          if (read === undefined) return
          expect(trailText(read)).toContain(read.name)
          expect(new Date(read.at).toISOString()).toBe(read.at)
          expect(typeof names(read.request, 'rectify:mode')).toBe('boolean')
        },
      ),
    )
  })
})

const KEY = 'rectify:mode'

const recorded = CORPUS_FILES.filter((file) => /^cloudtrail-/.test(file))
if (recorded.length > 0) {
  describe('an event that AWS has recorded', () => {
    test.each(recorded)('%s is read, or changed nothing', (file) => {
      const told = JSON.parse(corpusText(file))
      const record = told.detail ?? told
      const read = trailEvent(JSON.stringify(record))
      // Of some the time was blotted out by whoever published them.
      const isWhole = !Number.isNaN(Date.parse(record.eventTime))
      const isChange = record.readOnly === false && record.errorCode === undefined && isWhole
      if (isChange && record.userIdentity.arn !== undefined)
        expect(read).toMatchObject({ name: record.eventName, by: expect.any(String) })
      if (record.errorCode !== undefined || record.readOnly === true) expect(read).toBeUndefined()
      if (/-(?:add-tags|tag-distribution)\.json$/.test(file)) expect(names(read!.request, 'WAF')).toBe(true)
    })
  })
}

describe('a request names a tag', () => {
  test.each<[string, unknown]>([
    ['of EC2', { tagSet: { items: [{ key: KEY, value: 'off' }] }, resourcesSet: { items: [] } }],
    ['of S3', { bucketName: 'site', Tagging: { TagSet: { Tag: [{ Key: KEY, Value: 'off' }] } } }],
    [
      'of S3, one tag alone',
      { bucketName: 'site', Tagging: { TagSet: { Tag: { Key: KEY, Value: 'off' } } } },
    ],
    ['of RDS', { resourceName: 'arn:aws:rds:…:db:shop', tags: [{ key: KEY, value: 'off' }] }],
    ['of Lambda', { resource: 'arn:aws:lambda:…:function:a', tags: { [KEY]: 'off' } }],
    ['of the tagging API', { resourceARNList: ['arn:aws:sqs:…'], tags: { [KEY]: 'off' } }],
    ['of the call that made it', { tagSpecificationSet: { items: [{ tags: [{ key: KEY }] }] } }],
  ])('as it is recorded %s', (_, request) => {
    expect(names(request, KEY)).toBe(true)
    expect(names(request, 'rectify:owner')).toBe(false)
  })

  test('at any depth, and for no other text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('text', 'key'), (rest, how) => {
        const named = how === 'text' ? { rest, tags: [{ key: KEY }] } : { rest, tags: { [KEY]: 'x' } }
        expect(names(named, KEY)).toBe(true)
        expect(names({ note: `${KEY} off` }, KEY)).toBe(false)
      }),
    )
  })
})
