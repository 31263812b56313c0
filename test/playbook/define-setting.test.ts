import { describe, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import { s3 } from '../../playbooks/s3/service.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { config } from '../../src/playbook/matchers.ts'
import { notApplicable } from '../../src/playbook/planned.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { atFirst, followedBy, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { denied, fakeReader, notFound } from '../support/reader.ts'
import { sampleFinding } from '../support/sample-finding.ts'

const of = (Bucket: string) => ({ Bucket })
const versioning = read(s3, 'GetBucketVersioning', of, ({ Status }) => ({ Status: Status ?? 'none' }))
const common = {
  id: 's3-keep-versions',
  title: 'Keep versions',
  implements: ['s3-versioning'],
  resource: 'AWS::S3::Bucket',
  ids: nameIds(/[a-z0-9.-]/, 63, ['my-bucket']),
  arn: 'arn:{partition}:s3:::{id}',
  tagsOf: 'the bucket',
  answers: [config('S3_BUCKET_VERSIONING_ENABLED')],
  suggestedMode: 'approve' as const,
  look: versioning,
  tags: read(s3, 'GetBucketTagging', of, ({ TagSet }) => tagsIn(TagSet), { NoSuchTagSet: {} }),
  values: (seen: { Status: string }) => seen,
  effect: 'old versions cost money',
}

const keepVersions = defineSetting({
  ...common,
  parameters: z.strictObject({
    status: z._default(z.string(), 'Enabled').check(z.describe('what it shall be')),
  }),
  should: ({ status }) => ({ Status: status }),
  set: (Bucket, { Status }) =>
    call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: Status as 'Enabled' } }),
  cautions: ({ Status }) => (Status === 'Suspended' ? ['somebody suspended it on purpose'] : []),
})

const target = keepVersions.named('reports', {
  partition: 'aws',
  region: 'eu-central-1',
  account: '111122223333',
})
const first = { first: true, findings: [] }
/** What is planned for a bucket whose versions are suspended. */
async function planned(status: string) {
  const seen = await keepVersions.inspect(
    target,
    { status },
    bucket(() => ({ TagSet: [] })),
    first,
  )
  if (!('state' in seen)) throw new Error('gone')
  return keepVersions.plan(seen.state, [], { status }, target, { addresses: [] })
}

function bucket(tagging: () => unknown) {
  return fakeReader({
    's3:GetBucketVersioning': () => ({ Status: 'Suspended' }),
    's3:GetBucketTagging': tagging,
  })
}

describe('a setting', () => {
  test('may be what the parameters say', async () => {
    expect(await planned('Suspended')).toMatchObject({
      kind: 'compliant',
      reason: 'Status: Suspended already',
    })
    expect(await planned('Enabled')).toMatchObject({
      before: { Status: 'Suspended' },
      after: { Status: 'Enabled' },
      cautions: ['somebody suspended it on purpose'],
      steps: [
        { call: { operation: 'PutBucketVersioning' }, permissions: [{ resource: 'arn:aws:s3:::reports' }] },
      ],
    })
  })

  test('is granted on its resource what it reads of it, by the names that IAM has for it', () => {
    expect(keepVersions).toMatchObject({
      reads: ['s3:GetBucketVersioning', 's3:GetBucketTagging', 'config:DescribeConfigRules'],
      readsOn: { 's3:GetBucketVersioning': [common.arn], 's3:GetBucketTagging': [common.arn] },
      writes: [{ action: 's3:PutBucketVersioning', resource: common.arn }],
    })
  })

  test('reads tags once, and hands on that they are denied', async () => {
    const reader = bucket(() => {
      throw denied('s3:GetBucketTagging')
    })
    const seen = await keepVersions.inspect(target, { status: 'Enabled' }, reader, first)
    expect(seen).toMatchObject({
      tags: { onlyIfAsked: false, unreadable: expect.stringContaining('s3:GetBucketTagging') },
    })
    await keepVersions.inspect(target, { status: 'Enabled' }, reader, { ...first, first: false })
    expect(reader.count('s3:GetBucketTagging')).toBe(1)
  })

  test('takes an error for an answer only where it says so', async () => {
    const missing = (code: string) => () => {
      throw new AwsError({ kind: 'final', code, action: 's3:GetBucketTagging' }, code)
    }
    const none = await keepVersions.inspect(
      target,
      { status: 'Enabled' },
      bucket(missing('NoSuchTagSet')),
      first,
    )
    expect(none).toMatchObject({ tags: {} })
    const other = await keepVersions.inspect(
      target,
      { status: 'Enabled' },
      bucket(missing('MalformedXML')),
      first,
    )
    expect(other).toMatchObject({ tags: { unreadable: 'MalformedXML' } })
  })

  test('may follow from what detectors said, be none at all, and be told in words', async () => {
    const noVersions = defineSetting({
      ...common,
      should: (_, { Status }, findings) => (findings.length > 0 ? null : { Status }),
      told: {
        change: ({ Status }, { findings }) => `end ${Status}, ${findings.length} times`,
        already: 'ended',
      },
      same: (a, b) => (a === null) === (b === null),
      set: (Bucket) => call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: {} }),
      unset: (Bucket) => call('s3', 'DeleteBucketTagging', { Bucket }),
      changes: [{ action: 's3:PutBucketVersioning', resource: common.arn }],
      cautions: (_, { findings }) => findings.map(({ title }) => `see to ${title}`),
    })
    const about = async (findings: Finding[]) => {
      const reader = bucket(() => ({ TagSet: [] }))
      const seen = await noVersions.inspect(target, {}, reader, { first: true, findings })
      if (!('state' in seen)) throw new Error('gone')
      return noVersions.plan(seen.state, [], {}, target, { addresses: [] })
    }
    expect(await about([])).toEqual({ kind: 'compliant', reason: 'ended' })
    expect(await about([sampleFinding({ title: 'it' })])).toMatchObject({
      before: { Status: 'Suspended' },
      after: null,
      cautions: ['see to it'],
      steps: [
        {
          summary: 'end Suspended, 1 times of reports',
          call: { operation: 'DeleteBucketTagging' },
          undo: [{ operation: 'PutBucketVersioning' }],
        },
      ],
    })
  })

  test('that would be none, and knows no way to it, is not planned', async () => {
    const endless = defineSetting({
      ...common,
      should: () => null,
      set: (Bucket) => call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: {} }),
      changes: [],
    })
    const seen = await endless.inspect(
      target,
      {},
      bucket(() => ({})),
      first,
    )
    if (!('state' in seen)) throw new Error('gone')
    const plan = () => endless.plan(seen.state, [], {}, target, { addresses: [] })
    expect(plan).toThrow('reports cannot be left without Status')
  })

  test('is told from what it comes', async () => {
    const setting = defineSetting({
      ...common,
      values: ({ Status }) => (Status === 'none' ? null : { Status }),
      should: { Status: 'Enabled' },
      set: (Bucket, { Status }, _target, from) => {
        const how = from === null ? ('CRC32' as const) : ('SHA256' as const)
        const VersioningConfiguration = { Status: Status as 'Enabled' }
        return call('s3', 'PutBucketVersioning', { Bucket, ChecksumAlgorithm: how, VersioningConfiguration })
      },
      unset: (Bucket) => call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: {} }),
    })
    const plan = async (Status: string | undefined) => {
      const reader = fakeReader({ 's3:GetBucketVersioning': () => ({ Status }) })
      const seen = await setting.inspect(target, {}, reader, { ...first, first: false })
      if (!('state' in seen)) throw new Error('gone')
      return setting.plan(seen.state, [], {}, target, { addresses: [] })
    }
    expect(await plan(undefined)).toMatchObject({
      steps: [{ call: { input: { ChecksumAlgorithm: 'CRC32' } }, undo: [{ input: {} }] }],
    })
    expect(await plan('Suspended')).toMatchObject({
      steps: [
        {
          call: { input: { ChecksumAlgorithm: 'SHA256' } },
          undo: [{ input: { ChecksumAlgorithm: 'SHA256' } }],
        },
      ],
    })
  })

  test('is granted on its resource alone what it declares on a pattern that the resource fits', async () => {
    const action = 's3:PutBucketVersioning'
    const setting = defineSetting({
      ...common,
      should: { Status: 'Enabled' },
      set: (Bucket) => call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: {} }),
      changes: ['arn:{partition}:s3:::*', 'arn:{partition}:s3:::{id}/*', '*'].map((resource) => ({
        action,
        resource,
      })),
    })
    const none = () => ({ TagSet: [] })
    const seen = await setting.inspect(target, {}, bucket(none), first)
    if (!('state' in seen)) throw new Error('gone')
    expect(setting.plan(seen.state, [], {}, target, { addresses: [] })).toMatchObject({
      steps: [
        {
          permissions: [
            { action, resource: 'arn:aws:s3:::reports' },
            { action, resource: 'arn:{partition}:s3:::{id}/*' },
            { action, resource: '*' },
          ],
        },
      ],
    })
  })

  test('that sets nothing, or in a service that it does not look at, is refused when it is defined', () => {
    const should = { Status: 'Enabled' }
    const reads = () => defineSetting({ ...common, should, set: (id) => call('s3', 'GetBucketAcl', of(id)) })
    expect(reads).toThrow('s3-keep-versions: s3:GetBucketAcl sets nothing that its looks could see')
    const elsewhere = () =>
      defineSetting({ ...common, should, set: () => call('ec2', 'RebootInstances', { InstanceIds: [] }) })
    expect(elsewhere).toThrow('s3-keep-versions: ec2:RebootInstances sets nothing that its looks could see')
  })
})

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
