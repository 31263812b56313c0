import { beforeEach, describe, expect, test } from '@jest/globals'
import { slackWithToken } from '../../src/approvals/renewed-token.ts'
import { secretOf } from '../../src/approvals/secrets.ts'
import { SlackRefused } from '../../src/approvals/slack-errors.ts'
import { SimulatedClock } from '../support/clock.ts'

let clock: SimulatedClock
let stored: string
/** The token that Slack takes. */
let taken: string
let calls: string[]
let code: string

beforeEach(() => {
  clock = new SimulatedClock()
  stored = 'old'
  taken = 'old'
  calls = []
  code = 'invalid_auth'
})

const clientOf = (token: string) => {
  const answer = async <T>(value: T): Promise<T> => {
    calls.push(token)
    if (token !== taken) throw new SlackRefused('users.info', code)
    return value
  }
  const member = { isDeactivated: false, isGuest: false, isBot: false, isStranger: false, name: 'ann' }
  return {
    userInfo: (id: string) => answer({ id, workspace: 'T0ACME', ...member }),
    groupMembers: () => answer(['U0ANN']),
    openView: () => answer({ id: 'V0' }),
  }
}
const slack = () => slackWithToken(secretOf('/token', { read: async () => stored, clock }), clientOf)

describe('a token that Slack refuses', () => {
  test('is read again, and the call is made once more', async () => {
    const asked = slack()
    expect(await asked.groupMembers('S0')).toEqual(['U0ANN'])
    stored = 'new'
    taken = 'new'
    clock.advance(60_000)
    expect((await asked.userInfo('U0ANN')).id).toBe('U0ANN')
    expect((await asked.openView('trigger', {})).id).toBe('V0')
    expect(calls).toEqual(['old', 'old', 'new', 'new'])
  })

  test('and is still the one that is stored, is an error', async () => {
    taken = 'new'
    clock.advance(60_000)
    await expect(slack().userInfo('U0ANN')).rejects.toThrow('invalid_auth')
    expect(calls).toEqual(['old'])
  })

  test('for another reason is not read again', async () => {
    taken = 'new'
    code = 'user_not_found'
    const asked = slack()
    await expect(asked.userInfo('U0ANN')).rejects.toThrow('user_not_found')
    stored = 'new'
    clock.advance(60_000)
    await expect(asked.userInfo('U0ANN')).rejects.toThrow('user_not_found')
    expect(calls).toEqual(['old', 'old'])
  })
})
