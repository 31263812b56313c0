import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { PolicyInForcePorts } from '../../../src/lambda/policy/in-force-ports.ts'
import { MOST_POLICY_BYTES, type PolicyObject, policyObject } from '../../../src/lambda/policy/s3-object.ts'
import { policyInForce } from '../../../src/lambda/policy/version-in-force.ts'
import { deployedPolicy } from '../../../src/policy/file/load.ts'
import type { LoadedPolicy } from '../../../src/policy/rules.ts'
import { contentHash } from '../../../src/policy/versions/policy-version.ts'
import type { Emulator } from '../../../src/sandbox/emulator.ts'
import { startMoto } from '../../../src/sandbox/moto.ts'
import { SANDBOX_ACCOUNT } from '../../../src/sandbox/place.ts'
import { connectionTo } from '../../../src/store/dynamodb/dynamodb-store.ts'
import { policyItems } from '../../../src/store/dynamodb/rails/policy-items.ts'
import type { PolicyRecords } from '../../../src/store/policy-record.ts'
import { playbooks } from '../../policy/fake-playbooks.ts'
import { dynamoClient } from '../../support/ministack.ts'
import { newRunTable } from '../../support/run-table.ts'

const MINUTE = 60_000
const policyText = (mode: string, more = '') => `version: 1\nrules: [{ mode: ${mode} }]\n${more}`
const PROTECTED = 'protect: true\n'

let moto: Emulator
let s3: S3Client
let table: DynamoDBClient
let buckets = 0
let Bucket: string
let records: PolicyRecords
let now: number
let refused: [version: string, reason: string][]
let warnings: string[]

beforeAll(async () => {
  moto = await startMoto()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  s3 = new S3Client({ endpoint: moto.url, region: 'us-east-1', credentials, forcePathStyle: true })
  table = dynamoClient(moto.url)
}, 300_000)
afterAll(async () => {
  s3.destroy()
  table.destroy()
  await moto.stop()
})

beforeEach(async () => {
  Bucket = `policy-${++buckets}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  await setVersioning('Enabled')
  records = policyItems(connectionTo(table, await newRunTable(table)), `${Bucket}/rectify.yaml`)
  now = Date.parse('2026-11-30T12:00:00Z')
  refused = []
  warnings = []
})

const setVersioning = (Status: 'Enabled' | 'Suspended') =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))

async function put(Body: string | Uint8Array): Promise<string> {
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: 'rectify.yaml', Body }))
  return VersionId ?? 'null'
}

const place = () => ({ bucket: Bucket, key: 'rectify.yaml', owner: SANDBOX_ACCOUNT })

/** A function that has just started; what it calls is counted. */
function started(more: Partial<PolicyInForcePorts> = {}) {
  const calls: string[] = []
  const object = policyObject(place(), s3)
  const policy = policyInForce({
    object: counted(object, calls),
    records,
    clock: { now: () => now },
    load: (text, version) =>
      deployedPolicy({ file: `s3://${Bucket}/rectify.yaml`, text, version }, playbooks),
    refused: (...each) => refused.push(each),
    warn: (message) => warnings.push(message),
    ...more,
  })
  return { policy, calls, modes: async () => modesOf(await policy()) }
}

function counted(object: PolicyObject, calls: string[]): PolicyObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, call]) => [
      name,
      (...given: unknown[]) => {
        calls.push(name)
        return (call as (...given: unknown[]) => unknown)(...given)
      },
    ]),
  ) as unknown as PolicyObject
}

const modesOf = (policy: LoadedPolicy) =>
  policy.kind === 'none' ? [] : policy.policy.rules.map(({ mode }) => mode)

describe('the policy in S3', () => {
  test('is the newest version, asked for once a minute', async () => {
    const first = await put(policyText('notify'))
    const { policy, calls, modes } = started()
    expect(await policy()).toMatchObject({
      deployed: true,
      version: { s3Version: first, sha256: contentHash(policyText('notify')) },
    })
    const second = await put(policyText('auto'))
    calls.length = 0
    now += MINUTE - 1
    expect(await modes()).toEqual(['notify'])
    expect(calls).toEqual([])
    now += 1
    expect(await policy()).toMatchObject({ version: { s3Version: second } })
    calls.length = 0
    now += MINUTE
    expect(await Promise.all([modes(), modes()])).toEqual([['auto'], ['auto']])
    expect(calls).toEqual(['isUnchanged'])
    expect(await records.read()).toEqual({
      revision: 2,
      inForce: { s3Version: second, sha256: contentHash(policyText('auto')), protect: false },
    })
  })

  test.each<[string, string | Uint8Array, string]>([
    ['says what no policy says', policyText('sometimes'), 'the deployed policy:2: rules[0].mode'],
    ['is no YAML', 'version: [', 'the deployed policy:1'],
    ['is no text', Buffer.of(0xff, 0xfe, 0), 'the deployed policy: cannot be read'],
    ['is empty', '\n', 'the deployed policy'],
    ['is too large', '#'.repeat(MOST_POLICY_BYTES + 1), `it has over ${MOST_POLICY_BYTES} bytes`],
    ['names a folder that is not bundled', policyText('off', 'playbooks: ./own\n'), 'built without ./own'],
  ])(
    'stays what it was where the next version %s, also for functions that start later',
    async (_, text, why) => {
      const good = await put(policyText('notify'))
      const running = started()
      await running.policy()
      const bad = await put(text)
      now += MINUTE
      expect(await running.modes()).toEqual(['notify'])
      expect(await started().policy()).toMatchObject({ version: { s3Version: good } })
      expect(refused.map(([version]) => version)).toEqual([bad, bad])
      expect(refused[0]?.[1]).toContain(why)
      // Remembered once, and so told once.
      expect(await records.read()).toMatchObject({
        revision: 2,
        inForce: { s3Version: good },
        refused: { s3Version: bad },
      })
      now += MINUTE
      expect(await running.modes()).toEqual(['notify'])
      expect(refused).toHaveLength(3)

      await put(policyText('off'))
      now += MINUTE
      expect(await running.modes()).toEqual(['off'])
      expect((await records.read()).refused).toBeUndefined()
    },
  )

  test('is none where no version was ever good, until one is', async () => {
    await put('nonsense')
    const { policy, modes } = started()
    await expect(policy()).rejects.toThrow('no version of it was ever good: the deployed policy:1')
    await put(policyText('notify'))
    await expect(policy()).rejects.toThrow()
    now += MINUTE
    expect(await modes()).toEqual(['notify'])
  })

  test('is none where its bucket keeps no versions', async () => {
    await setVersioning('Suspended')
    await put(policyText('auto'))
    await expect(started().policy()).rejects.toThrow('its bucket keeps no versions')
  })

  test('stays what it was where its bucket no longer keeps versions', async () => {
    await put(policyText('notify'))
    // The emulator forgets all versions then, so it is one that runs already.
    const { policy, modes } = started()
    await policy()
    await setVersioning('Suspended')
    await put(policyText('auto'))
    now += MINUTE
    expect(await modes()).toEqual(['notify'])
    expect(refused[0]?.[1]).toContain('its bucket keeps no versions')
  })
})

describe('under protect: true', () => {
  test('a version that lets more be done is refused unless it says which one it follows', async () => {
    const old = policyText('notify', PROTECTED)
    await put(old)
    const { modes } = started()
    await modes()
    await put(policyText('auto', PROTECTED))
    now += MINUTE
    expect(await modes()).toEqual(['notify'])
    expect(refused[0]?.[1]).toContain(`"# follows: ${contentHash(old)}"`)
    await put(`# follows: ${contentHash(old)}\n${policyText('auto', PROTECTED)}`)
    now += MINUTE
    expect(await modes()).toEqual(['auto'])
  })

  test('a stricter one passes, and a function that has just started compares with what is in force', async () => {
    await put(policyText('approve', PROTECTED))
    await started().policy()
    await put(policyText('notify', PROTECTED))
    expect(await started().modes()).toEqual(['notify'])
    await put(policyText('approve', PROTECTED))
    expect(await started().modes()).toEqual(['notify'])
  })
})

describe('what nobody can read', () => {
  test('holds for five minutes more, and then nothing does', async () => {
    await put(policyText('auto'))
    const { policy, modes } = started()
    await policy()
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'rectify.yaml' }))
    now += 5 * MINUTE - 1
    expect(await modes()).toEqual(['auto'])
    now += 1
    await expect(policy()).rejects.toThrow()
    expect(warnings[0]).toContain('the policy in S3 cannot be read')
    await put(policyText('off'))
    now += MINUTE
    expect(await modes()).toEqual(['off'])
  })

  test('is none for a function that starts then', async () => {
    await put(policyText('auto'))
    await started().policy()
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'rectify.yaml' }))
    await expect(started().policy()).rejects.toThrow()
  })

  test('is none where the version in force is gone', async () => {
    const VersionId = await put(policyText('auto'))
    await started().policy()
    await put('nonsense')
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'rectify.yaml', VersionId }))
    await expect(started().policy()).rejects.toThrow(
      `version ${VersionId}, which is in force, is gone from S3`,
    )
  })

  test('is none at once where what is in force is another version than this function has, which it cannot use', async () => {
    await put(policyText('notify'))
    const { policy } = started({
      load: (text, version) => {
        if (text.includes('auto')) throw new Error('not for this release')
        return deployedPolicy({ file: '/rectify.yaml', text, version }, playbooks)
      },
    })
    await policy()
    await put(policyText('auto'))
    await started().policy()
    now += MINUTE
    await expect(policy()).rejects.toThrow('not for this release')
  })
})

describe('several functions', () => {
  test('mean the same version, whichever of them finds it', async () => {
    await put(policyText('notify'))
    const all = Array.from({ length: 8 }, () => started())
    await Promise.all(all.map(({ policy }) => policy()))
    const second = await put(policyText('auto'))
    now += MINUTE
    const policies = await Promise.all(all.map(({ policy }) => policy()))
    for (const each of policies) expect(each).toMatchObject({ version: { s3Version: second } })
    expect(await records.read()).toMatchObject({ revision: 2 })
  })

  test('never go back to a version that one of them read too early', async () => {
    await put(policyText('notify'))
    const slow = started({
      object: {
        ...policyObject(place(), s3),
        newest: async () => {
          const read = await policyObject(place(), s3).newest()
          if (overtaken) return read
          overtaken = true
          await put(policyText('off'))
          await started().policy()
          return read
        },
      },
    })
    let overtaken = false
    expect(await slow.modes()).toEqual(['off'])
    expect(await records.read()).toMatchObject({
      revision: 1,
      inForce: { sha256: contentHash(policyText('off')) },
    })
  })
})
