import { describe, expect, test } from '@jest/globals'
import { s3 } from '../../playbooks/s3/service.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { notApplicable } from '../../src/playbook/planned.ts'
import { targetOf } from '../../src/playbook/resource/target.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { atFirst, followedBy, read } from '../../src/playbook/setting/looks.ts'
import { fakeReader, notFound } from '../support/reader.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { bucket, common, of, PLACE } from './bucket-versions.ts'

const target = targetOf(common, 'reports', PLACE)

describe('a setting that depends on more than its own value', () => {
  const asked = { findings: [], at: '2026-11-29T10:00:00Z', parameters: {} }

  test('is told what the findings ask for, and warns by what it should be', async () => {
    const byFinding = defineSetting({
      ...common,
      should: (_, _seen, findings) =>
        findings.some(({ type }) => type === 'S3.14')
          ? { Status: 'Enabled' }
          : notApplicable('nobody asks for versions'),
      changes: [{ action: 's3:PutBucketVersioning', resource: common.arn }],
      set: (Bucket) => call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: {} }),
      warnings: ({ Status: before }, _, wanted) => [`from ${before} to ${wanted?.Status}`],
      cautions: (_, { findings }, wanted) => [`${findings[0]?.type} asks for ${wanted?.Status}`],
    })
    const reader = bucket(() => ({ TagSet: [] }))
    const planOf = async (findings: Finding[]) => {
      const seen = await byFinding.inspect(target, {}, reader, { first: true, findings })
      if (!('state' in seen)) throw new Error('gone')
      return byFinding.plan(seen.state, findings, {}, target, { addresses: [] })
    }
    const about = sampleFinding({ source: 'securityhub', type: 'S3.14' })
    expect(await planOf([about])).toMatchObject({
      after: { Status: 'Enabled' },
      warnings: ['from Suspended to Enabled'],
      cautions: ['S3.14 asks for Enabled'],
    })
    expect(await planOf([])).toEqual({ kind: 'notApplicable', reason: 'nobody asks for versions' })
  })

  test('asks for more by what a first look saw, and not again for what is only told before a change', async () => {
    const logging = read(s3, 'GetBucketLogging', of, ({ LoggingEnabled }) => ({ ...LoggingEnabled }))
    const policy = (name: () => string) =>
      atFirst(
        read(
          s3,
          'GetBucketPolicy',
          () => of(name()),
          ({ Policy = '' }) => Policy.length,
        ),
      )
    const look = followedBy(logging, (seen) => policy(() => seen().TargetBucket ?? 'none'))
    expect(look.calls.map(({ action }) => action)).toEqual(['s3:GetBucketLogging', 's3:GetBucketPolicy'])

    const reader = fakeReader({
      's3:GetBucketLogging': () => ({ LoggingEnabled: { TargetBucket: 'logs' } }),
      's3:GetBucketPolicy': () => ({ Policy: '{}' }),
    })
    expect(await look.at(reader, target, { ...asked, first: true })).toEqual([
      { TargetBucket: 'logs' },
      { told: 2 },
    ])
    expect(await look.at(reader, target, { ...asked, first: false })).toEqual([{ TargetBucket: 'logs' }, {}])
    expect(reader.calls.filter(({ action }) => action === 's3:GetBucketPolicy')).toEqual([
      expect.objectContaining({ input: { Bucket: 'logs' } }),
    ])
  })

  test('is gone where any of its looks says so', async () => {
    const missing = (action: string) => () => {
      throw notFound(action, 'NoSuchBucket')
    }
    const logging = read(s3, 'GetBucketLogging', of, () => ({}))
    const look = followedBy(logging, () => atFirst(read(s3, 'GetBucketPolicy', of, () => ({}))))
    const answers = { 's3:GetBucketLogging': () => ({}), 's3:GetBucketPolicy': () => ({}) }
    for (const action of Object.keys(answers)) {
      const reader = fakeReader({ ...answers, [action]: missing(action) })
      expect(await look.at(reader, target, { ...asked, first: true })).toBeUndefined()
    }
  })
})
