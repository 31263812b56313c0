import { describe, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { denied, fakeReader } from '../support/reader.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { bucket, common, of, PLACE } from './bucket-versions.ts'

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

const target = keepVersions.named('reports', PLACE)
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
