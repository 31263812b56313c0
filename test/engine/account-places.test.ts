import { beforeEach, describe, expect, test } from '@jest/globals'
import { accountPlaces } from '../../src/engine/account-places.ts'
import { failure, type Handlers } from '../support/aws-model/failure.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'
import { newWorld, sshOpen, start } from './simulated-world.ts'

const MEMBER = '222233334444'
const UP = {
  [MEMBER]: 'ou-abcd-22222222',
  'ou-abcd-22222222': 'ou-abcd-11111111',
  'ou-abcd-11111111': 'r-abcd',
}
const PATH = ['r-abcd', 'ou-abcd-11111111', 'ou-abcd-22222222']
const BOTH = { path: true, tags: true }

let clock: SimulatedClock
let aws: AwsModel
let described: object
beforeEach(() => {
  clock = new SimulatedClock()
  aws = new AwsModel(clock)
  described = {}
})

const HANDLERS: Handlers = {
  DescribeAccount: ({ AccountId }) => ({ Account: { Id: AccountId, ...described } }),
  ListParents: ({ ChildId }) => {
    const Id = (UP as Record<string, string>)[String(ChildId)]
    return { Parents: [{ Id, Type: Id?.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] }
  },
  ListTagsForResource: ({ NextToken }) =>
    NextToken === undefined
      ? { Tags: [{ Key: 'tier', Value: '1' }], NextToken: 'more' }
      : { Tags: [{ Key: 'owner', Value: '' }] },
}

function places(handlers: Handlers = {}) {
  aws.answering('organizations', { ...HANDLERS, ...handlers })
  return accountPlaces(aws, async () => aws.place, clock)
}

const asked = () => aws.calls.map(({ operation }) => operation)

describe('where an account stands', () => {
  test('is told from the root down, with its tags', async () => {
    expect(await places()(MEMBER, BOTH)).toEqual({ path: PATH, tags: { tier: '1', owner: '' } })
    expect(aws.calls.every(({ account }) => account === aws.account)).toBe(true)
  })

  test.each([
    [{ Paths: [`o-0123456789/${PATH.join('/')}/${MEMBER}/`] }],
    [{ Paths: [`o-0123456789/${PATH.join('/')}`] }],
    [{ Path: `o-0123456789/${PATH.join('/')}/${MEMBER}` }],
  ])('is taken from the description of the account where that says it: %j', async (more) => {
    described = more
    expect(await places()(MEMBER, BOTH)).toMatchObject({ path: PATH })
    expect(asked()).not.toContain('ListParents')
  })

  test.each([
    [{ Paths: [] }],
    [{ Paths: ['o-0123456789/r-abcd/ou-abcd-33333333/999900001111/'] }],
    [{ Paths: ['o-0123456789/r-abcd/a unit/'] }],
    [{ Paths: ['r-abcd/ou-abcd-33333333'] }],
    [{ Paths: ['o-0123456789/r-abcd/', 'o-0123456789/r-abcd/ou-abcd-33333333/'] }],
    [{ Path: null }],
  ])('is asked step by step where the description does not say it clearly: %j', async (more) => {
    described = more
    expect(await places()(MEMBER, BOTH)).toMatchObject({ path: PATH })
  })

  test('is asked only as far as rules go by it', async () => {
    const ask = places()
    expect(await ask(MEMBER, { path: false, tags: true })).toMatchObject({ path: 'unread' })
    expect(new Set(asked())).toEqual(new Set(['ListTagsForResource']))
    aws.calls.length = 0
    expect(await ask(MEMBER, { path: true, tags: false })).toEqual({ path: PATH, tags: 'unread' })
    expect(asked()).not.toContain('ListTagsForResource')
  })

  test('is believed for five minutes, and asked once by all who want to know it', async () => {
    const ask = places()
    await Promise.all([ask(MEMBER, BOTH), ask(MEMBER, BOTH), ask(MEMBER, { path: true, tags: false })])
    const once = asked().length
    clock.advance(5 * 60_000 - 1)
    await ask(MEMBER, BOTH)
    expect(asked()).toHaveLength(once)
    clock.advance(1)
    await ask(MEMBER, BOTH)
    expect(asked()).toHaveLength(2 * once)
  })
})

describe('an account that AWS does not tell of', () => {
  const denied = failure('organizations:DescribeAccount', 'AccessDeniedException', 'No permissions.')

  test.each<[string, Handlers, RegExp]>([
    [
      'who asks is not answered',
      { DescribeAccount: refusing('DescribeAccount', 'AccessDeniedException') },
      /^organizations:DescribeAccount: .*only the management account and delegated administrators/,
    ],
    [
      'it is of no organisation, or of another',
      { DescribeAccount: refusing('DescribeAccount', 'AccountNotFoundException') },
      /^organizations:DescribeAccount: AccountNotFoundException$/,
    ],
    [
      'who asks is in none',
      { DescribeAccount: refusing('DescribeAccount', 'AWSOrganizationsNotInUseException') },
      /^organizations:DescribeAccount: AWSOrganizationsNotInUseException$/,
    ],
    [
      'AWS is asked too often',
      { ListParents: refusing('ListParents', 'TooManyRequestsException') },
      /^organizations:ListParents: TooManyRequestsException$/,
    ],
    ['nothing is above it', { ListParents: () => ({ Parents: [] }) }, /names 0 parents of 222233334444/],
    [
      'two units are above it',
      {
        ListParents: () => ({
          Parents: [{ Id: 'ou-abcd-1', Type: 'ORGANIZATIONAL_UNIT' }, { Id: 'r-abcd' }],
        }),
      },
      /names 2 parents of 222233334444/,
    ],
    [
      'units are above each other',
      { ListParents: () => ({ Parents: [{ Id: 'ou-abcd-11111111', Type: 'ORGANIZATIONAL_UNIT' }] }) },
      /names no root above 222233334444/,
    ],
  ])('stands nowhere that is known: %s', async (_, handlers, why) => {
    expect(await places(handlers)(MEMBER, BOTH)).toEqual({
      path: 'unread',
      tags: { tier: '1', owner: '' },
      unreadable: expect.stringMatching(why),
    })
  })

  test('has tags that are not known, whatever is known of its units', async () => {
    const handlers = { ListTagsForResource: refusing('ListTagsForResource', 'AccessDeniedException') }
    expect(await places(handlers)(MEMBER, BOTH)).toEqual({
      path: PATH,
      tags: 'unread',
      unreadable: expect.stringMatching(/^organizations:ListTagsForResource: /),
    })
  })

  test('is not known where it is not known who asks', async () => {
    const ask = accountPlaces(aws, () => Promise.reject(denied), clock)
    expect(await ask(MEMBER, BOTH)).toMatchObject({
      path: 'unread',
      tags: 'unread',
      unreadable: expect.stringMatching(/^organizations:DescribeAccount: No permissions \(only the [^;]+$/),
    })
  })

  test('is asked about again after a minute', async () => {
    let refuses = true
    const DescribeAccount: Handlers[string] = (input, ...more) => {
      if (refuses) throw denied
      return HANDLERS.DescribeAccount!(input, ...more)
    }
    const ask = places({ DescribeAccount })
    expect(await ask(MEMBER, BOTH)).toMatchObject({ path: 'unread' })
    refuses = false
    clock.advance(59_999)
    expect(await ask(MEMBER, BOTH)).toMatchObject({ path: 'unread' })
    clock.advance(1)
    expect(await ask(MEMBER, BOTH)).toMatchObject({ path: PATH })
  })
})

describe('a run whose rules ask for the unit of its account', () => {
  const POLICY = `version: 1
rules:
  - { when: { ou: ou-abcd-11111111, accountTags: { tier: "1" } }, mode: auto }
  - { mode: approve }
`
  async function handled(handlers: Handlers) {
    const world = newWorld(POLICY)
    world.aws.groups.add('sg-0web', [{ id: 'sgr-ssh', from: 22, cidr: '0.0.0.0/0' }])
    world.aws.answering('organizations', { ...HANDLERS, ...handlers })
    const organization = accountPlaces(world.aws, async () => world.aws.place, world.clock)
    const { runs } = await start(world, { organization }).engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    return { run: runs[0], changes: world.aws.changes() }
  }
  const described = (...units: string[]) => ({
    DescribeAccount: () => ({ Account: { Paths: [['o-0123456789', 'r-abcd', ...units].join('/')] } }),
  })

  test('is decided by where AWS says that the account is', async () => {
    const inside = await handled(described('ou-abcd-11111111', 'ou-abcd-22222222'))
    expect(inside.run).toMatchObject({ outcome: 'remediated' })
    const outside = await handled(described('ou-abcd-22222222'))
    expect(outside.run).toMatchObject({ state: 'waiting', mode: 'approve' })
  })

  test('changes nothing while AWS does not say it, and says why', async () => {
    const { run, changes } = await handled({
      DescribeAccount: refusing('DescribeAccount', 'AccessDeniedException'),
    })
    expect(run).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringMatching(
        /^cannot evaluate policy: unit of the account unreadable: organizations:/,
      ),
    })
    expect(changes).toEqual([])
  })
})

function refusing(operation: string, code: string): Handlers[string] {
  return () => {
    throw failure(`organizations:${operation}`, code, code)
  }
}
