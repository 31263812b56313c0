import { beforeEach, describe, expect, test } from '@jest/globals'
import { undoesOf } from '../../../src/run/found-by.ts'
import type { Run } from '../../../src/run/run.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { clickBody } from '../../support/slack-requests.ts'
import {
  approvalTerms,
  buttonValue,
  otherPlan,
  receiverWorld,
  SLOW,
  WORKSPACE,
  type World,
  waitingRun,
} from './receiver-under-test.ts'

let world: World

beforeEach(() => {
  world = receiverWorld()
})

const viewOf = (body: object | undefined) =>
  JSON.stringify((body as { view?: object } | undefined)?.view ?? {})

describe('declining', () => {
  test('stands at once, and then asks why', async () => {
    const run = await world.waiting()
    await world.press('decline', run)
    expect(await world.decisionsOf(run)).toMatchObject([{ verdict: 'decline', by: 'slack:T0ACME:U0ANN' }])
    expect(world.messages).toEqual([{ kind: 'wake', run: run.id, why: 'decision' }])
    expect(world.views).toMatchObject([
      { trigger: expect.any(String), view: { callback_id: 'reason', private_metadata: buttonValue(run) } },
    ])
  })

  test('keeps the reason that is given afterwards, once, by whoever declined', async () => {
    const run = await world.waiting()
    await world.press('decline', run)
    const give = (user: string, reason: string) =>
      world.submit({ user, form: 'reason', about: buttonValue(run), values: { reason } })
    expect(viewOf((await give('U0BEN', 'no')).body)).toContain('You have not declined')
    expect(await give('U0ANN', '  meant to be open ')).toEqual({
      status: 200,
      body: { response_action: 'clear' },
    })
    expect(viewOf((await give('U0ANN', 'another')).body)).toContain('have given your reason already')
    expect(await world.decisionsOf(run)).toMatchObject([{ verdict: 'decline', reason: 'meant to be open' }])
  })

  test('takes no reason about another plan than the one that was declined', async () => {
    const run = await world.waiting()
    await world.press('decline', run)
    const about = `${run.id}:${otherPlan.hash}`
    await world.submit({ user: 'U0ANN', form: 'reason', about, values: { reason: 'no' } })
    expect((await world.decisionsOf(run))[0]?.reason).toBeUndefined()
  })

  test('keeps the reason also of a run that has closed meanwhile', async () => {
    const run = await world.waiting()
    await world.press('decline', run)
    const decisions = await world.decisionsOf(run)
    await world.put({ ...run, decisions, revision: 2, state: 'closed', outcome: 'declined' })
    await world.submit({ user: 'U0ANN', form: 'reason', about: buttonValue(run), values: { reason: 'ours' } })
    expect(await world.decisionsOf(run)).toMatchObject([{ reason: 'ours' }])
  })

  test('stands without a reason where Slack does not open the form', async () => {
    const run = await world.waiting()
    world.failing.views = SLOW
    expect(await world.press('decline', run)).toEqual({ status: 200 })
    expect(await world.decisionsOf(run)).toHaveLength(1)
    expect(world.words()).toEqual([expect.stringContaining('You declined it, and that stands.')])
    expect(world.failures).toEqual(['a modal was not opened'])
  })

  test('stands when the form is sent off empty', async () => {
    const run = await world.waiting()
    await world.press('decline', run)
    const empty = await world.submit({ user: 'U0ANN', form: 'reason', about: buttonValue(run) })
    expect(empty.body).toEqual({ response_action: 'clear' })
    expect((await world.decisionsOf(run))[0]?.reason).toBeUndefined()
  })
})

describe('exempting', () => {
  const exempt = (run: Run, values: Parameters<World['submit']>[0]['values'], user = 'U0ANN') =>
    world.submit({ user, form: 'exempt', about: buttonValue(run), values: values! })

  test('decides nothing before the form comes back', async () => {
    const run = await world.waiting()
    await world.press('exempt', run)
    expect(await world.decisionsOf(run)).toEqual([])
    expect(world.views).toMatchObject([
      { view: { callback_id: 'exempt', private_metadata: buttonValue(run) } },
    ])
  })

  test('stands with its reason until the day that was chosen', async () => {
    const run = await world.waiting()
    const answer = await exempt(run, { reason: 'public bastion', until: { chosen: '30' } })
    expect(answer.body).toEqual({ response_action: 'clear' })
    expect(await world.decisionsOf(run)).toMatchObject([
      { verdict: 'exempt', reason: 'public bastion', until: '2026-12-22T12:01:00.000Z' },
    ])
    expect(world.messages).toEqual([{ kind: 'wake', run: run.id, why: 'decision' }])
  })

  test.each([
    ['without a reason', { until: { chosen: '7' } }, 'reason'],
    ['with a blank reason', { reason: '  ', until: { chosen: '7' } }, 'reason'],
    ['without a day', { reason: 'because' }, 'until'],
    ['for longer than is offered', { reason: 'because', until: { chosen: '3650' } }, 'until'],
  ])('%s is sent back to the form', async (_how, values, block) => {
    const run = await world.waiting()
    const { body } = await exempt(run, values as never)
    expect(body).toMatchObject({ response_action: 'errors', errors: { [block]: expect.any(String) } })
    expect(await world.decisionsOf(run)).toEqual([])
  })

  test('is judged again when the form comes back: by then the plan may be another', async () => {
    const run = await world.waiting()
    await world.press('exempt', run)
    await world.put({ ...run, revision: 2, round: 2, plan: otherPlan })
    const { body } = await exempt(run, { reason: 'because', until: { chosen: '7' } })
    expect(viewOf(body)).toContain('The plan has changed')
    expect(await world.decisionsOf(run)).toEqual([])
  })

  test('opens no form about a plan that is another by now', async () => {
    const run = await world.waiting()
    await world.put({ ...run, revision: 2, round: 2, plan: otherPlan })
    await world.press('exempt', run)
    expect(world.views).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining('The plan has changed')])
  })

  test('opens no form for those who may not, and takes none from them', async () => {
    const run = await world.waiting()
    await world.press('exempt', run, 'U0CAT')
    expect(world.views).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining('You are not among those')])
    const { body } = await exempt(run, { reason: 'because', until: { chosen: '7' } }, 'U0CAT')
    expect(viewOf(body)).toContain('You are not among those')
    expect(await world.decisionsOf(run)).toEqual([])
  })
})

describe('the details of a run', () => {
  test('open for a member of the workspace, also for one who may not decide', async () => {
    const run = await world.waiting()
    await world.press('details', run, 'U0CAT')
    expect(world.views).toMatchObject([{ view: { callback_id: 'details' } }])
  })

  test.each(['U0GUEST', 'U0STRANGER', 'U0GONE'])('stay shut for %s', async (user) => {
    const run = await world.waiting()
    await world.press('details', run, user)
    expect(world.views).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining('Only full members')])
  })
})

describe('undoing', () => {
  const closed = (more: Partial<Run> = {}): Run =>
    sampleRun({ revision: 1, approval: approvalTerms(), mode: 'approve', ...more })

  test('asks the runs queue for it, in the name of whoever clicked', async () => {
    const run = closed()
    await world.put(run)
    expect(await world.press('undo', run)).toEqual({ status: 200 })
    expect(world.messages).toEqual([
      {
        kind: 'undo',
        run: run.id,
        restFor: 'PT24H',
        by: 'slack:T0ACME:U0ANN',
        as: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      },
    ])
  })

  test('says in which groups Slack said that they are, by which they may', async () => {
    const run = closed({ approval: approvalTerms({ approvers: ['S0ONCALL'] }) })
    await world.put(run)
    await world.press('undo', run, 'U0CAT')
    expect(world.messages).toMatchObject([{ kind: 'undo', groups: ['S0ONCALL'] }])
  })

  test('is one undo when the same request comes twice, and another when it is clicked again', async () => {
    const run = closed()
    await world.put(run)
    const body = clickBody({ user: 'U0ANN', workspace: WORKSPACE, action: 'undo', value: buttonValue(run) })
    await world.send(world.signed(body))
    await world.send(world.signed(body))
    world.clock.advance(1000)
    await world.press('undo', run)
    const ids = world.messages.map((message) => 'as' in message && message.as)
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })

  test('of what is being undone is refused', async () => {
    const run = closed()
    await world.put(run)
    const undo = waitingRun({ id: '01K00000000000000000000009', undoOf: run.id })
    const foundBy = { add: [undoesOf(run.id)], drop: [] }
    await world.store.commit({ id: 'undo-1', run: undo, expect: { revision: 0 }, audit: [], foundBy })
    await world.press('undo', run)
    expect(world.messages).toEqual([])
    expect(world.words()).toEqual(['This is being undone already.'])
  })

  test.each([
    ['by somebody who may not decide about it', {}, 'U0CAT', 'You are not among those'],
    ['of what is undone already', { undoneBy: '01K00000000000000000000009' }, 'U0ANN', 'undone already'],
    [
      'of what has changed nothing',
      { outcome: 'alreadyCompliant', results: [] } as Partial<Run>,
      'U0ANN',
      'there is nothing to undo',
    ],
  ])('%s is refused', async (_what, more, user, said) => {
    const run = closed(more)
    await world.put(run)
    await world.press('undo', run, user)
    expect(world.messages).toEqual([])
    expect(world.words()).toEqual([expect.stringContaining(said)])
  })
})
