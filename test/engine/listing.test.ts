import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Aws } from '../../src/aws/port.ts'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { type Listed, type Listing, listed } from '../../src/engine/asking/detector-listing.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { inGuardDuty, inHub, inInspector } from '../detectors/answer-samples.ts'
import { OpenFindings } from '../support/aws-model/open-findings.ts'
import { newWorld, type World } from './simulated-world.ts'

const DAY = 24 * 3600 * 1000
const SHUT = '999988887777'

let world: World
let open: OpenFindings
let aws: Aws
beforeEach(() => {
  world = newWorld()
  open = new OpenFindings()
  for (const [service, handlers] of open.handlers()) world.aws.answering(service, handlers)
  const at = world.clock.iso()
  for (const id of ['sg-1', 'sg-2', 'sg-3']) open.results.push({ rule: 'restricted-ssh', id, at })
  open.hub.push(inHub('sg-1', at), inHub('sg-4', at), inHub('sg-5', at))
  open.guardDuty.push(inGuardDuty('f1', at), inGuardDuty('f2', at))
  open.inspector.push(inInspector('v1', at))
  // The model is one account: others answer as it does, but for one that lets nobody in.
  aws = {
    services: world.aws.services,
    identity: () => world.aws.identity(),
    reader: (...given) => world.aws.reader(...given),
    reaches: async (account) => account !== SHUT,
    changesAs: (account) => world.aws.changesAs(account),
    async send(place, call, options) {
      if (place.account === SHUT)
        throw new AwsError({ kind: 'denied', code: 'AccessDenied', action: 'sts:AssumeRole' }, 'not trusted')
      return world.aws.send({ ...place, account: world.aws.account }, call, options)
    },
  }
})

const listing = (more: Partial<Listing> = {}): Listing => ({
  detectors: DETECTORS,
  places: [world.aws.place],
  calls: 1000,
  ...more,
})

async function all(listing: Listing, from?: Listed) {
  const ids: string[] = []
  let last: Listed | undefined
  for await (const { findings, rejected, listed: now } of listed(
    { aws, clock: world.clock },
    listing,
    from,
  )) {
    expect(rejected).toEqual([])
    ids.push(...findings.map(({ source, resources: [first] }) => `${source} ${first?.id}`))
    // As it comes back from storage.
    last = JSON.parse(JSON.stringify(now))
  }
  return { ids, listed: last! }
}

const states = ({ asked }: Listed) =>
  asked.map(({ detector, state, findings }) => `${detector} ${state} ${findings}`)

test('all detectors are asked to their end, and one that is off is told', async () => {
  const { ids, listed } = await all(listing())
  expect(ids).toHaveLength(9)
  expect(listed.next).toBeUndefined()
  expect(states(listed)).toEqual([
    'config asked 3',
    'securityhub asked 3',
    'guardduty asked 2',
    'accessanalyzer off 0',
    'inspector asked 1',
  ])
})

test('wherever its calls are spent, it goes on from what was stored, and gives each finding once', async () => {
  const whole = (await all(listing())).ids
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }), async (turns) => {
      const ids: string[] = []
      let from: Listed | undefined
      for (let turn = 0; turn === 0 || from?.next; turn++) {
        const next = await all(listing({ calls: turns[turn % turns.length]! }), from)
        ids.push(...next.ids)
        from = next.listed
      }
      expect(ids).toEqual(whole)
    }),
    { numRuns: 30 },
  )
})

test('what was not seen since is left out and counted', async () => {
  const at = new Date(world.clock.now() - 3 * DAY).toISOString()
  open.results.push({ rule: 'restricted-ssh', id: 'sg-old', at })
  const { ids, listed } = await all(listing({ since: world.clock.now() - DAY }))
  expect(ids).not.toContain('config sg-old')
  expect(listed.asked[0]).toMatchObject({ detector: 'config', findings: 3, older: 1 })
  expect((await all(listing({ since: world.clock.now() - 3 * DAY }))).ids).toContain('config sg-old')
})

test('an account that cannot be entered is asked once, is told, and the others are asked', async () => {
  const places = [SHUT, world.aws.account].map((account) => ({ ...world.aws.place, account }))
  const { ids, listed } = await all(listing({ places }))
  expect(ids).toHaveLength(9)
  expect(listed.closed).toEqual({ [SHUT]: 'sts:AssumeRole: not trusted' })
  expect(listed.asked.filter(({ account }) => account === SHUT)).toMatchObject([
    { detector: 'config', calls: 1, state: 'unread', action: 'sts:AssumeRole' },
  ])
})

test('a detector that may not be read keeps no other from being asked', async () => {
  world.aws.fault({ on: 'securityhub:GetFindings', kind: 'deny' })
  const { listed } = await all(listing())
  expect(states(listed)[1]).toBe('securityhub unread 0')
  expect(listed.asked[1]).toMatchObject({ action: 'securityhub:GetFindings' })
  expect(states(listed)).toContain('inspector asked 1')
})

test('findings about accounts that are not reached are left out, and counted by account', async () => {
  open.guardDuty.push(inGuardDuty('f9', world.clock.iso(), {}, { AccountId: SHUT }))
  const places = [{ ...world.aws.place, account: SHUT }]
  const guardDuty = DETECTORS.filter(({ id }) => id === 'guardduty')
  const as: Aws = {
    ...aws,
    send: (place, call, options) => world.aws.send({ ...place, account: world.aws.account }, call, options),
  }
  const pages = []
  for await (const page of listed({ aws: as, clock: world.clock }, listing({ places, detectors: guardDuty })))
    pages.push(page)
  expect(pages.flatMap(({ findings }) => findings)).toEqual([])
  expect(pages.at(-1)?.listed.elsewhere).toEqual({ [SHUT]: 1 })
})

describe('a token that AWS no longer takes', () => {
  test('has its detector asked anew, and its findings are counted once', async () => {
    const first = await all(listing({ calls: 2 }))
    expect(first.listed.next).toMatchObject({ at: expect.anything() })
    open.forgetTokens()
    const then = await all(listing(), first.listed)
    expect(then.listed.asked[0]).toMatchObject({ detector: 'config', state: 'asked', findings: 3 })
  })
})

test('nobody to ask is an end at once', async () => {
  const pages = []
  for await (const page of listed({ aws, clock: world.clock }, listing({ places: [] }))) pages.push(page)
  expect(pages).toEqual([])
})
