import { beforeEach, describe, expect, test } from '@jest/globals'
import { shortHash } from '../../../src/playbook/plan.ts'
import type { Run } from '../../../src/run/run.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { commandBody } from '../../support/slack-requests.ts'
import { approvalTerms, receiverWorld, WORKSPACE, type World } from './receiver-under-test.ts'

let world: World

beforeEach(() => {
  world = receiverWorld()
})

const hashOf = ({ plan }: Run) => shortHash(plan!.hash)
const ofNumber = (n: number) => ({
  id: `01K0000000000000000000${String(n).padStart(4, '0')}`,
  resource: `arn:${n}`,
})

test('a command is answered to whoever gave it alone', async () => {
  const body = commandBody({ user: 'U0ANN', workspace: WORKSPACE, text: 'help' })
  const answer = await world.send(world.signed(body))
  expect(answer).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
})

test.each(['', 'help', 'APPROVE', 'launch missiles', 'toString'])(
  '"%s" shows what there is',
  async (text) => {
    expect(await world.command('U0ANN', text)).toContain('`approve RUN HASH`')
  },
)

describe('/rectify runs', () => {
  test('lists what waits, that of this channel first, with plan and time', async () => {
    const elsewhere = await world.waiting({
      ...ofNumber(1),
      approval: { channel: 'C0OTHER' },
      startedAt: '2026-11-22T11:59:30.000Z',
    })
    const here = await world.waiting(ofNumber(2))
    const text = await world.command('U0CAT', 'runs')
    expect(text).toMatch(/^2 wait for a decision/)
    expect(text.indexOf(here.id)).toBeLessThan(text.indexOf(elsewhere.id))
    expect(text).toContain('in <#C0OTHER>')
    expect(text).toContain(hashOf(here))
  })

  test('leaves out what is decided already, what waits for something else, and what is of another workspace', async () => {
    const decided = await world.waiting(ofNumber(3))
    await world.command('U0ANN', `approve ${decided.id} ${hashOf(decided)}`)
    await world.waiting({ ...ofNumber(1), waitingFor: 'lock' })
    await world.waiting({ ...ofNumber(2), approval: { workspace: 'T0ELSEWHERE' } })
    expect(await world.command('U0ANN', 'runs')).toBe('Nothing waits for a decision.')
  })

  test('names twenty, and says that there are more', async () => {
    for (let n = 1; n <= 23; n++) await world.waiting(ofNumber(n))
    const text = await world.command('U0ANN', 'runs')
    expect(text.split('\n')).toHaveLength(21)
    expect(text).toMatch(/^23 wait for a decision. 3 more are not listed./)
  })

  test('is for full members', async () => {
    const run = await world.waiting()
    expect(await world.command('U0GUEST', 'runs')).not.toContain(run.id)
  })
})

describe('/rectify show', () => {
  test('shows the plan of a run by the beginning of its id, with nothing in it that Slack would read', async () => {
    const run = await world.waiting({ target: { resource: 'arn', id: '<!here> `&`', key: 'arn' } })
    const text = await world.command('U0CAT', `show ${run.id.slice(0, 25).toLowerCase()}`)
    expect(text).toContain(hashOf(run))
    expect(text).toContain('&lt;!here&gt; ˋ&amp;ˋ')
    expect(text).toContain('by <@U0ANN>, <@U0BEN>')
  })

  test.each(['', 'XX', '01K99999999999999999999999', '../../etc'])('knows no run "%s"', async (name) => {
    await world.waiting()
    expect(await world.command('U0ANN', `show ${name}`)).toBe('No run of this workspace is called so.')
  })

  test('knows none of another workspace, and does not say that it begins so', async () => {
    const run = await world.waiting({ approval: { workspace: 'T0ELSEWHERE' } })
    await world.waiting({ ...ofNumber(7), approval: { workspace: 'T0ELSEWHERE' } })
    for (const name of [run.id, run.id.slice(0, 10)])
      expect(await world.command('U0ANN', `show ${name}`)).toBe('No run of this workspace is called so.')
  })
})

describe('/rectify approve and decline', () => {
  test('approve the very plan whose hash is named', async () => {
    const run = await world.waiting()
    expect(await world.command('U0ANN', `approve ${run.id} ${hashOf(run)}`)).toBe(`Approved \`${run.id}\`.`)
    expect(await world.decisionsOf(run)).toMatchObject([{ verdict: 'approve', hash: run.plan!.hash }])
    expect(world.messages).toEqual([{ kind: 'wake', run: run.id, why: 'decision' }])
  })

  test('decline with the reason', async () => {
    const run = await world.waiting()
    await world.command('U0ANN', `decline ${run.id}   meant to  be open`)
    expect(await world.decisionsOf(run)).toMatchObject([{ verdict: 'decline', reason: 'meant to be open' }])
  })

  test.each(['U0GUEST', 'U0CAT'])(
    'tell %s, who may not, nothing of the plan by a guess at its hash',
    async (user) => {
      const run = await world.waiting()
      const text = await world.command(user, `approve ${run.id} ${'0'.repeat(16)}`)
      expect(text).not.toContain(hashOf(run))
    },
  )

  test('tell an approver that the plan is another', async () => {
    const run = await world.waiting()
    const text = await world.command('U0ANN', `approve ${run.id} ${'0'.repeat(16)}`)
    expect(text).toContain(`it is now \`${hashOf(run)}\``)
    expect(await world.decisionsOf(run)).toEqual([])
  })

  test('say of a run that is over that it is over, whatever hash is named', async () => {
    const run = sampleRun({ revision: 1, approval: approvalTerms() })
    await world.put(run)
    expect(await world.command('U0ANN', `approve ${run.id} ${'0'.repeat(16)}`)).toContain('no longer waits')
  })

  test('say why not to those who may not', async () => {
    const run = await world.waiting()
    expect(await world.command('U0CAT', `approve ${run.id} ${hashOf(run)}`)).toContain('You are not among')
    expect(await world.command('U0CAT', `decline ${run.id} no`)).toContain('You are not among')
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.refusals).toMatchObject([
      { action: 'approve', user: 'U0CAT', run: run.id, why: 'notApprover' },
      { action: 'decline', user: 'U0CAT', run: run.id, why: 'notApprover' },
    ])
  })
})

test('/rectify undo asks the runs queue, and names the run that does it', async () => {
  const run = sampleRun({ revision: 1, approval: approvalTerms() })
  await world.put(run)
  const text = await world.command('U0ANN', `undo ${run.id}`)
  const [message] = world.messages
  expect(message).toMatchObject({ kind: 'undo', run: run.id, by: 'slack:T0ACME:U0ANN' })
  expect(text).toContain(message && 'as' in message ? message.as : 'nothing was asked')
})
