import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import { type Secret, secretOf, ssmParameters } from '../../src/approvals/secrets.ts'
import { SimulatedClock } from '../support/clock.ts'

let clock: SimulatedClock
let value: string
let reads: string[]
let failure: Error | undefined
let secret: Secret

beforeEach(() => {
  clock = new SimulatedClock()
  value = 'first'
  reads = []
  failure = undefined
  secret = secretOf('/rectify/secret', { read, clock })
})

async function read(name: string): Promise<string> {
  reads.push(name)
  if (failure) throw failure
  return value
}

describe('a secret', () => {
  test('is read once, for all who need it at the same time, and after', async () => {
    expect(await Promise.all([secret.value(), secret.value()])).toEqual(['first', 'first'])
    value = 'second'
    expect(await secret.value()).toBe('first')
    expect(reads).toEqual(['/rectify/secret'])
  })

  test('that could not be read is read again at the next need', async () => {
    failure = new Error('throttled')
    await expect(secret.value()).rejects.toThrow('throttled')
    failure = undefined
    expect(await secret.value()).toBe('first')
  })

  test('that could not be read again stays what it was: a forged request makes no genuine one fail', async () => {
    await secret.value()
    clock.advance(60_000)
    failure = new Error('throttled')
    await expect(secret.renewed('first')).rejects.toThrow('throttled')
    expect(await secret.value()).toBe('first')
  })

  test('that was refused is read again, once a minute at most', async () => {
    await secret.value()
    value = 'second'
    clock.advance(59_999)
    expect(await secret.renewed('first')).toBeUndefined()
    clock.advance(1)
    expect(await secret.renewed('first')).toBe('second')
    expect(await secret.value()).toBe('second')
    expect(reads).toHaveLength(2)
  })

  test('that was read again for one serves another who was refused with the old one', async () => {
    await secret.value()
    value = 'second'
    clock.advance(60_000)
    expect(await Promise.all([secret.renewed('first'), secret.renewed('first')])).toEqual([
      'second',
      'second',
    ])
    expect(reads).toHaveLength(2)
  })

  test('that is still the same is no other', async () => {
    await secret.value()
    clock.advance(60_000)
    expect(await secret.renewed('first')).toBeUndefined()
  })

  test('of no name is empty, and nothing is read', async () => {
    expect(await secretOf('', { read, clock }).value()).toBe('')
    expect(reads).toEqual([])
  })
})

describe('a parameter', () => {
  const ssm = mockClient(SSMClient)
  beforeEach(() => void ssm.reset())

  test('is decrypted by SSM', async () => {
    ssm.on(GetParameterCommand, { Name: '/rectify/secret', WithDecryption: true }).resolves({
      Parameter: { Value: 'xoxb' },
    })
    expect(await ssmParameters(new SSMClient({ region: 'eu-west-1' }))('/rectify/secret')).toBe('xoxb')
  })

  test('without a value is empty', async () => {
    ssm.on(GetParameterCommand).resolves({})
    expect(await ssmParameters(new SSMClient({ region: 'eu-west-1' }))('/rectify/secret')).toBe('')
  })
})
