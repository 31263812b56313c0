import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  asks,
  MOST_ANSWERS,
  type Question,
  simulationCalls,
} from '../../../src/engine/rehearsing/simulation-calls.ts'

const question = (action: string, resource: string, context: Question['context'] = {}): Question => ({
  action,
  resource,
  context,
})
const bucket = (name: string | number) => `arn:aws:s3:::bucket-${name}`

describe('questions to the simulator', () => {
  test('about the same actions go in one call', () => {
    const questions = ['a', 'b', 'c'].flatMap((name) => [
      question('s3:PutBucketAcl', bucket(name)),
      question('s3:DeleteBucketPolicy', bucket(name)),
    ])
    expect(simulationCalls(questions)).toEqual([
      {
        actions: ['s3:DeleteBucketPolicy', 's3:PutBucketAcl'],
        resources: [bucket('a'), bucket('b'), bucket('c')],
        context: {},
      },
    ])
  })

  test('about all resources stand alone', () => {
    const calls = simulationCalls([question('iam:X', '*'), question('iam:X', 'arn:aws:iam::1:role/a')])
    expect(calls.map(({ resources }) => resources)).toEqual([['arn:aws:iam::1:role/a'], ['*']])
  })

  test('of which each has other circumstances are not mixed', () => {
    const here = question('s3:PutBucketAcl', bucket(1), { 'aws:RequestedRegion': 'eu-west-1' })
    const there = question('s3:PutBucketAcl', bucket(1), { 'aws:RequestedRegion': 'us-east-1' })
    const calls = simulationCalls([here, there, { ...here, unbounded: true }])
    expect(calls).toHaveLength(3)
    expect(calls.map((call) => [here, there].filter((each) => asks(call, each)).length)).toEqual([1, 1, 0])
  })

  test('are all asked, none twice, and no more in a call than IAM answers on one page', () => {
    const some = (texts: string[]) => fc.constantFrom(...texts)
    const arbitrary = fc.record({
      action: some(['s3:A', 's3:B', 'sns:C', 'sqs:D']),
      resource: fc.oneof(
        some(['*']),
        fc.nat(400).map((n) => bucket(n)),
      ),
      context: fc.record({ 'aws:RequestedRegion': some(['eu-west-1', 'us-east-1']) }),
    })
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 600 }), (questions) => {
        const calls = simulationCalls(questions)
        for (const each of questions) expect(calls.filter((call) => asks(call, each))).toHaveLength(1)
        for (const { actions, resources } of calls)
          expect(actions.length * resources.length).toBeLessThanOrEqual(MOST_ANSWERS)
      }),
      { numRuns: 50 },
    )
  })

  test('of 1,000 findings of ten kinds are some twenty calls', () => {
    const questions = Array.from({ length: 1000 }, (_, n) => [
      question(`s3:Change${n % 10}`, bucket(n)),
      question(`s3:Undo${n % 10}`, bucket(n)),
    ]).flat()
    expect(simulationCalls(questions)).toHaveLength(20)
  })
})
