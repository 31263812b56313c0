import { beforeEach, describe, expect, test } from '@jest/globals'
import { clickBody, FORM, signed } from '../../support/slack-requests.ts'
import { FORGED_REQUESTS, type Forging } from './forged-requests.table.ts'
import { buttonValue, receiverWorld, WORKSPACE, type World, waitingRun } from './receiver-under-test.ts'

const run = waitingRun({ approval: { approvers: ['U0ANN'] } })
let world: World
let forging: Forging

beforeEach(async () => {
  world = receiverWorld()
  await world.put(run)
  forging = {
    secret: world.secret,
    now: world.clock.now(),
    run: run.id,
    hash: run.plan!.hash,
    workspace: WORKSPACE,
    users: {
      approver: 'U0ANN',
      colleague: 'U0BEN',
      guest: 'U0GUEST',
      deactivated: 'U0GONE',
      bot: 'U0ROBOT',
      stranger: 'U0STRANGER',
    },
  }
})

/** All that a request could have changed. */
async function whatStands(): Promise<string> {
  const { store, messages } = world
  const [runs, control, due] = [await store.list(), await store.control(), await store.due(world.clock.now())]
  return JSON.stringify({ runs, control, due, messages })
}

describe('a request that nobody should act on', () => {
  test('comes in at least sixty forms, each with a name of its own', () => {
    expect(FORGED_REQUESTS.length).toBeGreaterThanOrEqual(60)
    expect(new Set(FORGED_REQUESTS.map(({ name }) => name)).size).toBe(FORGED_REQUESTS.length)
  })

  test.each(FORGED_REQUESTS)('$name: $status, and nothing is written', async ({ make, status }) => {
    const before = await whatStands()
    const response = await world.send(make(forging))
    expect(response.status).toBe(status)
    if (status !== 200) expect(response.body).toBeUndefined()
    expect(await whatStands()).toBe(before)
    expect(world.done).toEqual([])
  })

  test.each(FORGED_REQUESTS.filter(({ status }) => status === 401))(
    '$name: nobody is asked about it',
    async ({ make }) => {
      await world.send(make(forging))
      expect(world.asked).toEqual([])
    },
  )
})

describe('the request that they are made of', () => {
  const genuine = () =>
    signed(
      forging,
      clickBody({ user: 'U0ANN', workspace: WORKSPACE, action: 'approve', value: buttonValue(run) }),
    )

  test('counts when nothing is changed about it', async () => {
    expect(await world.send(genuine())).toEqual({ status: 200 })
    expect((await world.store.get(run.id))?.decisions).toHaveLength(1)
    expect(world.messages).toEqual([{ kind: 'wake', run: run.id, why: 'decision' }])
  })

  test('counts in base64, with a charset, under headers in any case, and from any path', async () => {
    const { headers, body, ...rest } = genuine()
    const named = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])
    await world.send({
      ...rest,
      path: '/slack/',
      headers: { ...Object.fromEntries(named), 'CONTENT-TYPE': `${FORM}; charset=UTF-8` },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    })
    expect((await world.store.get(run.id))?.decisions).toHaveLength(1)
  })

  test.each([-300, 300])('counts %i seconds away', async (off) => {
    const request = genuine()
    world.clock.advance(off * 1000)
    await world.send(request)
    expect((await world.store.get(run.id))?.decisions).toHaveLength(1)
  })

  test('changes nothing the second time, and says so to the clicker alone', async () => {
    const request = signed(
      forging,
      clickBody({
        user: 'U0ANN',
        workspace: WORKSPACE,
        action: 'approve',
        value: buttonValue(run),
        respondTo: 'https://hooks.slack.com/actions/1',
      }),
    )
    await world.send(request)
    const once = (await world.store.get(run.id))?.decisions
    expect(await world.send(request)).toEqual({ status: 200 })
    expect((await world.store.get(run.id))?.decisions).toEqual(once)
    expect(world.told.map(({ text }) => text)).toEqual(['You approved this already.'])
  })
})
