import { describe, expect, test } from '@jest/globals'
import { CredentialsProblem, EndpointProblem } from '../../../../src/aws/errors.ts'
import {
  MOST_STARTS,
  QUERIES_AT_ONCE,
  QUERY_PATIENCE_MS,
} from '../../../../src/engine/rehearsing/traffic/insights.ts'
import type { AwsError } from '../../../../src/playbook/aws-error.ts'
import { denied } from '../../../support/reader.ts'
import { asking, failed, LOG, PLACE, ROW, SSH } from './logged-flows.ts'

describe('when nobody can be asked any more', () => {
  const facts = (action: string) => ({ kind: 'final' as const, code: 'ExpiredToken', action })
  test.each([
    ...['ec2:DescribeNetworkInterfaces', 'ec2:DescribeFlowLogs', 'logs:DescribeLogGroups'],
    ...['logs:StartQuery', 'logs:GetQueryResults'],
  ])('%s says so to the rehearsal, and is no answer', async (action) => {
    for (const Lost of [CredentialsProblem, EndpointProblem]) {
      const { of } = asking({ [action]: () => Promise.reject(new Lost(facts(action), 'expired')) })
      await expect(of(PLACE, [SSH])).rejects.toBeInstanceOf(Lost)
    }
  })
})

test.each(['ec2:DescribeFlowLogs', 'logs:DescribeLogGroups'])(
  'what failed once of %s is asked anew; a denial is not',
  async (action) => {
    const answer = { FlowLogs: [LOG], logGroups: [{ logGroupName: 'flows' }] }
    let asked = 0
    const { of } = asking({
      [action]: () => {
        asked += 1
        return asked === 1 ? Promise.reject(failed(action, { kind: 'throttled' })) : answer
      },
    })
    expect((await of(PLACE, [SSH])).cuts[0]!.unknown).toHaveLength(1)
    expect((await of(PLACE, [SSH])).cuts[0]!.unknown).toEqual([])

    const { of: ofDenied, reader } = asking({ [action]: () => Promise.reject(denied(action)) })
    await ofDenied(PLACE, [SSH])
    await ofDenied(PLACE, [SSH])
    expect(reader.count(action)).toBe(1)
  },
)

describe('queries', () => {
  test('are few at a time', async () => {
    let underWay = 0
    let most = 0
    const { of } = asking({
      'logs:StartQuery': () => {
        underWay += 1
        most = Math.max(most, underWay)
        return { queryId: 'q' }
      },
      'logs:GetQueryResults': async () => {
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
        return { status: 'Complete', results: [ROW], statistics: {} }
      },
    })
    await of(
      PLACE,
      Array.from({ length: 20 }, (_, port) => ({ ...SSH, ports: [port, port] as const })),
    )
    expect(most).toBe(QUERIES_AT_ONCE)
  })

  test('are stopped when they take too long', async () => {
    const running = {
      'logs:GetQueryResults': () => ({ status: 'Running', results: [], statistics: { bytesScanned: 5 } }),
    }
    const { of, reader } = asking(running)
    const { cuts, scannedBytes } = await of(PLACE, [SSH])
    expect(cuts).toMatchObject([
      { flows: null, unknown: [expect.stringContaining(`${QUERY_PATIENCE_MS / 1000} s`)] },
    ])
    expect(scannedBytes).toBe(5)
    expect(reader.count('logs:StopQuery')).toBe(1)
  })

  test('are begun no more when as much has been read as may be', async () => {
    const { of, reader } = asking({}, { mostBytes: 2_000 })
    await of(PLACE, [SSH])
    await of(PLACE, [SSH])
    const { cuts } = await of(PLACE, [SSH])
    expect(cuts).toMatchObject([
      { flows: null, unknown: [expect.stringMatching(/flows was not asked: as many bytes .* \(2000\)/)] },
    ])
    expect(reader.count('logs:StartQuery')).toBe(2)
  })

  test('are stopped while they read, where all together have read as much as may be', async () => {
    const polls = new Map<string, number>()
    const growing = {
      'logs:GetQueryResults': ({ queryId }: { queryId: string }) => {
        polls.set(queryId, (polls.get(queryId) ?? 0) + 1)
        return { status: 'Running', results: [], statistics: { bytesScanned: 300 * polls.get(queryId)! } }
      },
    }
    const { of, reader } = asking(growing, { mostBytes: 2_000 })
    const { cuts, scannedBytes } = await of(
      PLACE,
      Array.from({ length: 10 }, (_, port) => ({ ...SSH, ports: [port, port] as const })),
    )
    expect(reader.count('logs:StartQuery')).toBe(QUERIES_AT_ONCE)
    expect(reader.count('logs:StopQuery')).toBe(QUERIES_AT_ONCE)
    expect(scannedBytes).toBeGreaterThanOrEqual(2_000)
    expect(scannedBytes).toBeLessThanOrEqual(2_000 + QUERIES_AT_ONCE * 300)
    expect(cuts.filter(({ unknown: [why = ''] }) => why.endsWith('; it was stopped'))).toHaveLength(
      QUERIES_AT_ONCE,
    )
    expect(cuts.every(({ flows }) => flows === null)).toBe(true)
  })

  test('are stopped, and counted as far as they were seen, where asking how far they are fails', async () => {
    let asked = 0
    const { of, reader } = asking({
      'logs:GetQueryResults': () => {
        asked += 1
        if (asked > 1) return Promise.reject(failed('logs:GetQueryResults'))
        return { status: 'Running', results: [], statistics: { bytesScanned: 700 } }
      },
    })
    expect(await of(PLACE, [SSH])).toMatchObject({
      scannedBytes: 700,
      cuts: [{ flows: null, unknown: ['logs:GetQueryResults: it failed; it was stopped'] }],
    })
    expect(reader.count('logs:StopQuery')).toBe(1)
  })

  test.each([
    ['has ended just then', { code: 'InvalidParameterException', kind: 'final' as const }, /120 s$/],
    ['cannot be stopped', {}, /120 s; it could not be stopped: logs:StopQuery: it failed$/],
  ])('keep what they have read where one %s', async (_, facts, why) => {
    const { of } = asking({
      'logs:GetQueryResults': () => ({ status: 'Running', results: [], statistics: { bytesScanned: 5 } }),
      'logs:StopQuery': () => Promise.reject(failed('logs:StopQuery', facts)),
    })
    const { cuts, scannedBytes } = await of(PLACE, [SSH])
    expect(cuts[0]!.unknown).toEqual([expect.stringMatching(why)])
    expect(scannedBytes).toBe(5)
  })

  test('are begun by a single attempt, and again only where AWS says that it is too fast', async () => {
    const refusing = (times: number, facts: Partial<AwsError>) => {
      let started = 0
      return asking({
        'logs:StartQuery': () => {
          started += 1
          if (started <= times) return Promise.reject(failed('logs:StartQuery', facts))
          return { queryId: 'q' }
        },
      })
    }
    const throttled = refusing(2, { kind: 'throttled', code: 'ThrottlingException' })
    expect(await throttled.of(PLACE, [SSH])).toMatchObject({ cuts: [{ flows: 12 }] })
    expect(throttled.attempts).toEqual(Array.from({ length: 3 }, () => ({ attempts: 1 })))

    const always = refusing(Number.POSITIVE_INFINITY, { kind: 'throttled' })
    expect(await always.of(PLACE, [SSH])).toMatchObject({ cuts: [{ flows: null }] })
    expect(always.attempts).toHaveLength(MOST_STARTS)

    const lost = refusing(1, { inDoubt: true })
    expect(await lost.of(PLACE, [SSH])).toMatchObject({
      cuts: [{ flows: null, unknown: [expect.stringContaining('it may have begun')] }],
    })
    expect(lost.attempts).toHaveLength(1)
  })

  test('end with the rehearsal: none is begun, those under way are stopped, and it is said', async () => {
    const stop = new AbortController()
    const { of, reader } = asking(
      {
        'logs:GetQueryResults': () => {
          stop.abort()
          return { status: 'Running', results: [], statistics: { bytesScanned: 1 } }
        },
      },
      { stop },
    )
    const cuts = Array.from({ length: 10 }, (_, port) => ({ ...SSH, ports: [port, port] as const }))
    expect(await of(PLACE, cuts)).toMatchObject({ interrupted: true })
    expect(reader.count('logs:StartQuery')).toBe(QUERIES_AT_ONCE)
    expect(reader.count('logs:StopQuery')).toBe(QUERIES_AT_ONCE)
    expect(await of(PLACE, [SSH])).toMatchObject({
      interrupted: true,
      cuts: [{ unknown: ['flows was not asked: the rehearsal was interrupted'] }],
    })
    expect(await asking().of(PLACE, [SSH])).not.toHaveProperty('interrupted')
  })

  test('are none where there is no room for a single interface', async () => {
    const { of, reader } = asking()
    const ranges = Array.from({ length: 300 }, (_, n) => `198.51.${n >> 4}.${16 * (n & 15)}/28`)
    const { cuts } = await of(PLACE, [{ ...SSH, peers: { ranges } }])
    expect(cuts).toMatchObject([
      { flows: null, unknown: [expect.stringMatching(/^1 more interfaces are not/)] },
    ])
    expect(reader.count('logs:StartQuery')).toBe(0)
  })

  test('list flow logs once in each account and region', async () => {
    const { of, reader } = asking()
    await Promise.all([of(PLACE, [SSH]), of(PLACE, [SSH])])
    expect(reader.count('ec2:DescribeFlowLogs')).toBe(1)
  })
})
