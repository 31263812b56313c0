import { describe, expect, test } from '@jest/globals'
import { callersPlace, patienceSeconds, regionOf, stateFolder } from '../../src/cli/program/environment.ts'
import { type Invocation, type Shared, workingFolder } from '../../src/cli/program/invocation.ts'
import { BadRequest } from '../../src/engine/refusals.ts'

const called = (shared: Shared = {}, env: Invocation['env'] = {}) =>
  ({ shared, env, cwd: '/work', output: undefined as never, status: 0 }) as Invocation

test('runs are kept in --state, else RECTIFY_STATE, else .rectify', () => {
  expect(stateFolder(called({ state: 'a' }, { RECTIFY_STATE: '/b' }))).toBe('/work/a')
  expect(stateFolder(called({}, { RECTIFY_STATE: '/b' }))).toBe('/b')
  expect(stateFolder(called({}, { RECTIFY_STATE: '' }))).toBe('/work/.rectify')
})

describe('the patience', () => {
  test('is 60 seconds, or what RECTIFY_PATIENCE says', () => {
    expect(patienceSeconds(called())).toBe(60)
    expect(patienceSeconds(called({}, { RECTIFY_PATIENCE: '0.5' }))).toBe(0.5)
    expect(patienceSeconds(called({}, { RECTIFY_PATIENCE: '0' }))).toBe(0)
  })
  test.each(['soon', '-1', '1m', 'Infinity'])('is no %s', (RECTIFY_PATIENCE) => {
    expect(() => patienceSeconds(called({}, { RECTIFY_PATIENCE }))).toThrow(BadRequest)
  })
})

test('the region is --region, AWS_REGION or AWS_DEFAULT_REGION, in this order', () => {
  const env = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }
  expect(regionOf(called({ region: 'eu-central-1' }, env))).toBe('eu-central-1')
  expect(regionOf(called({}, env))).toBe('eu-west-1')
  expect(regionOf(called({}, { AWS_DEFAULT_REGION: 'eu-west-2' }))).toBe('eu-west-2')
  expect(regionOf(called())).toBeUndefined()
})

test('a resource named by its id is in the caller account and partition', async () => {
  const caller = { account: '123456789012', arn: 'arn:aws-cn:iam::123456789012:user/me', partition: 'aws-cn' }
  const place = await callersPlace(called({ region: 'cn-north-1' }), caller)
  expect(place).toEqual({ account: '123456789012', region: 'cn-north-1', partition: 'aws-cn' })
})

describe('relative paths are meant from', () => {
  test('where npm was called, when npm started us in the checkout', () => {
    expect(workingFolder({ INIT_CWD: '/home/me' }, '/checkout', '/checkout')).toBe('/home/me')
  })
  test('our own folder, when the variable was only inherited', () => {
    expect(workingFolder({ INIT_CWD: '/home/me' }, '/tmp/test', '/checkout')).toBe('/tmp/test')
    expect(workingFolder({}, '/checkout', '/checkout')).toBe('/checkout')
  })
})
