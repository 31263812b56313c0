import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'

let log: typeof import('../../src/lambda/slack/slack-log.ts').slackLog
let observe: typeof import('../../src/lambda/observe.ts')
let lines: Record<string, unknown>[]

beforeAll(async () => {
  // Powertools then writes to the console of the process, where a test can hear it; its metrics only if told so.
  process.env.POWERTOOLS_DEV = 'true'
  process.env.POWERTOOLS_METRICS_DISABLED = 'false'
  observe = await import('../../src/lambda/observe.ts')
  log = (await import('../../src/lambda/slack/slack-log.ts')).slackLog
})
beforeEach(() => {
  lines = []
  const keep = (line: unknown) => void lines.push(JSON.parse(String(line)))
  for (const way of ['log', 'info', 'warn', 'error'] as const)
    jest.spyOn(console, way).mockImplementation(keep)
})
afterEach(() => {
  observe.metrics.clearMetrics()
  jest.restoreAllMocks()
})

const attempt = { action: 'approve', user: 'U0CAT', workspace: 'T0ACME', run: '01K00000000000000000000001' }
const told = (message: string) => lines.find((line) => line.message === message)
const counted = (metric: string) => lines.find((line) => metric in line)?.[metric]

describe('what the receiver writes down', () => {
  test('of a refusal: who, where, about what and why, by ids; and it is counted', () => {
    log.refused(attempt, 'notApprover')
    observe.publishMetrics()
    expect(told('refused in Slack')).toMatchObject({ level: 'WARN', ...attempt, why: 'notApprover' })
    expect(counted('SlackRefused')).toBe(1)
  })

  test('of what was done: the same', () => {
    log.done(attempt)
    observe.publishMetrics()
    expect(told('done in Slack')).toMatchObject({ level: 'INFO', ...attempt })
    expect(counted('SlackDone')).toBe(1)
  })

  test('of a request of a stranger: that it came, and nothing that it said', () => {
    const request = {
      method: 'POST',
      path: '/secret-path',
      headers: { 'x-a': 'secret-header' },
      body: 'secret-body',
    }
    log.turnedAway(request, 401)
    observe.publishMetrics()
    expect(told('request turned away')).toMatchObject({ method: 'POST', status: 401 })
    expect(JSON.stringify(lines)).not.toContain('secret')
    expect(counted('SlackTurnedAway')).toBe(1)
  })

  test('of a failure: what failed, for whom and why, as an error', () => {
    log.failed('a run could not be woken', { run: attempt.run }, new Error('the queue is away'))
    observe.publishMetrics()
    expect(told('a run could not be woken')).toMatchObject({
      level: 'ERROR',
      run: attempt.run,
      error: { message: 'the queue is away' },
    })
    expect(counted('SlackFailed')).toBe(1)
  })
})
