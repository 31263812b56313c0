import { describe, expect, test } from '@jest/globals'
import { arn, as, terms } from '../engine/approval-scenes.ts'
import { asking, callOn, closed, onlyRun } from './in-memory-stack.ts'

describe('runs --stack', () => {
  test('lists the runs of the deployment and shows one with its audit', async () => {
    const { stack, id } = await closed()
    const all = await callOn(stack, 'runs')
    expect(all.status).toBe(0)
    expect(all.document).toMatchObject({ runs: [{ run: id, outcome: 'remediated' }], rejected: [] })
    const one = await callOn(stack, 'runs', id)
    expect(onlyRun(one)).toMatchObject({ run: id, approvals: [], audit: expect.any(Array) })
    expect(one.text).toContain(`rectify undo ${id} --stack prod`)
  })

  test('names the deployment when it does not know a run', async () => {
    const { stack } = await closed()
    const ran = await callOn(stack, 'runs', '01K')
    expect(ran.status).toBe(2)
    expect(ran.document).toEqual({
      error: { kind: 'usage', message: expect.stringContaining('no run is called "01K"') },
    })
  })
})

describe('approve --stack', () => {
  test('records the decision as the caller and follows the run to its proof', async () => {
    const { stack, id, hash, world } = await asking()
    const ran = await callOn(stack, 'approve', id, '--approve', hash)
    expect(ran.status).toBe(0)
    expect(onlyRun(ran)).toMatchObject({ run: id, outcome: 'remediated' })
    expect(ran.notes).toContain(`approve as ${arn('tester')} on stack prod`)
    expect((await world.store.get(id))!.decisions).toMatchObject([{ verdict: 'approve', by: arn('tester') }])
    expect(stack.messages).toMatchObject([{ message: { kind: 'wake', run: id, why: 'decision' } }])
  })

  test('takes the beginning of an id, and a hash as far as it is shown', async () => {
    const { stack, id, hash } = await asking()
    const other = await callOn(stack, 'approve', id.slice(0, 12), '--approve', '0123456789abcdef')
    expect(other).toMatchObject({
      status: 3,
      document: { refused: expect.stringContaining(`--approve ${hash.slice(7, 23)} --stack prod\``) },
    })
    const ran = await callOn(stack, 'approve', id.slice(0, 12).toLowerCase(), '--approve', hash.slice(7, 23))
    expect(onlyRun(ran)).toMatchObject({ run: id, outcome: 'remediated' })
  })

  test('changes nothing itself: with the functions at rest the run is left, status 3, after three minutes', async () => {
    const { stack, id, world } = await asking()
    stack.awake = false
    const before = world.clock.now()
    const ran = await callOn(stack, 'approve', id)
    expect(ran.status).toBe(3)
    expect(onlyRun(ran)).toMatchObject({ state: 'waiting', outcome: null })
    expect(ran.notes).toContain(`still under way: rectify runs ${id} --stack prod`)
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(180_000)
    expect(world.clock.now() - before).toBeLessThan(185_000)
    expect(world.aws.changes()).toEqual([])
  })

  test('stops following when the plan has changed and is asked about again', async () => {
    const { stack, id, world } = await asking()
    world.aws.groups.addRule('sg-0web', { id: 'sgr-more', from: 22, cidr6: '::/0' })
    const ran = await callOn(stack, 'approve', id)
    expect(ran.status).toBe(3)
    expect(onlyRun(ran)).toMatchObject({ state: 'waiting', waitingFor: 'approval' })
    expect(ran.notes).not.toContain('still under way')
    expect(world.aws.changes()).toEqual([])
  })

  test('does not wait for what a quorum still lacks', async () => {
    const { stack, id, world } = await asking(terms('{ quorum: 2 }'))
    const before = world.clock.now()
    expect((await callOn(stack, 'approve', id)).status).toBe(3)
    expect(world.clock.now()).toBe(before)
    world.aws.caller = { ...world.aws.caller, arn: arn('second') }
    const second = await callOn(stack, 'approve', id)
    expect(second.status).toBe(0)
    expect(onlyRun(second)).toMatchObject({ outcome: 'remediated' })
  })

  test('refuses another hash, somebody who is no approver, and whoever asked for the run', async () => {
    const { stack, id } = await asking()
    const other = await callOn(stack, 'approve', id, '--approve', `sha256:${'0'.repeat(64)}`)
    expect(other).toMatchObject({ status: 3, document: { refused: expect.stringContaining('changed') } })

    const oncall = await asking(terms(`{ approvers: ["${arn('oncall')}"] }`))
    const stranger = await callOn(oncall.stack, 'approve', oncall.id)
    expect(stranger).toMatchObject({ status: 3, document: { refused: expect.stringContaining('approvers') } })

    const own = await asking()
    const { requestedBy } = (await own.world.store.get(own.id))!
    own.world.aws.caller = { ...own.world.aws.caller, arn: requestedBy! }
    const asker = await callOn(own.stack, 'approve', own.id)
    expect(asker).toMatchObject({
      status: 3,
      document: { refused: expect.stringContaining('somebody else') },
    })
    for (const { messages } of [stack, oncall.stack, own.stack]) expect(messages).toEqual([])
  })

  test('refuses another session of the role that asked for the run, and takes its decline', async () => {
    const { stack, id, world } = await asking()
    const { requestedBy } = (await world.store.get(id))!
    world.aws.caller = { ...world.aws.caller, arn: `${requestedBy}-too` }
    const approved = await callOn(stack, 'approve', id)
    expect(approved).toMatchObject({
      status: 3,
      document: { refused: expect.stringContaining('sessions of one role are one identity') },
    })
    expect(world.aws.changes()).toEqual([])
    const declined = await callOn(stack, 'decline', id, '--reason', 'no')
    expect(onlyRun(declined)).toMatchObject({ outcome: 'declined' })
  })

  test('that comes too late lets the deployment close the run as expired', async () => {
    const { stack, id, world } = await asking(terms('{ expiresAfter: 4h }'))
    world.clock.advance(5 * 3_600_000)
    const ran = await callOn(stack, 'approve', id)
    expect(ran.status).toBe(3)
    expect(onlyRun(ran)).toMatchObject({ outcome: 'expired' })
    expect(stack.messages).toMatchObject([{ message: { kind: 'wake', run: id } }])
    expect(world.aws.changes()).toEqual([])
  })
})

test('decline --stack closes the run, which is what was wanted', async () => {
  const { stack, id } = await asking()
  const ran = await callOn(stack, 'decline', id, '--reason', 'meant to be public')
  expect(ran.status).toBe(0)
  expect(onlyRun(ran)).toMatchObject({ outcome: 'declined' })
  expect(String(onlyRun(ran).reason)).toContain('meant to be public')
})

describe('undo --stack', () => {
  test('takes the beginning of an id, and sends the whole', async () => {
    const { stack, id } = await closed()
    const ran = await callOn(stack, 'undo', id.slice(0, 12), '--yes')
    expect(onlyRun(ran)).toMatchObject({ undoOf: id, outcome: 'undone' })
    expect(stack.messages).toMatchObject([{ message: { kind: 'undo', run: id } }])
  })

  test('of a run that waits for an approval says what ends it, of this deployment', async () => {
    const { stack, id } = await asking()
    const ran = await callOn(stack, 'undo', id, '--yes')
    const message = expect.stringContaining(`\`rectify decline ${id} --reason TEXT --stack prod\``)
    expect(ran).toMatchObject({ status: 2, document: { error: { message } } })
    expect((await callOn(stack, 'decline', id, '--reason', 'TEXT')).status).toBe(0)
  })

  test('of an undo says until when what it opened is left alone', async () => {
    const { stack, id, world } = await closed()
    const undone = onlyRun(await callOn(stack, 'undo', id, '--yes'))
    const ran = await callOn(stack, 'undo', String(undone.run), '--yes')
    const { restUntil } = (await world.store.get(String(undone.run)))!
    const message = expect.stringContaining(`from ${restUntil} on`)
    expect(ran).toMatchObject({ status: 2, document: { error: { message } } })
  })

  test('shows what it opens again, asks the deployment in the name of the caller, and prints the undo', async () => {
    const { stack, id, world } = await closed()
    const ran = await callOn(stack, 'undo', id, '--yes', '--rest', '7d')
    expect(ran.status).toBe(0)
    expect(onlyRun(ran)).toMatchObject({ undoOf: id, outcome: 'undone' })
    expect(ran.notes).toContain('ec2:AuthorizeSecurityGroupIngress')
    expect(ran.notes).toMatch(/\+ .*0\.0\.0\.0\/0/)
    const message = { kind: 'undo', run: id, restFor: 'P7D', by: arn('tester') }
    expect(stack.messages).toMatchObject([{ message }])
    expect(await world.store.get(String(onlyRun(ran).run))).toMatchObject({ requestedBy: arn('tester') })
  })

  test('that cannot be done is printed as what came of it', async () => {
    const { stack, id, world } = await closed()
    world.aws.groups.addRule('sg-0web', { id: 'sgr-more', from: 22, cidr: '0.0.0.0/0' })
    const ran = await callOn(stack, 'undo', id, '--yes')
    expect(onlyRun(ran)).toMatchObject({
      undoOf: id,
      outcome: expect.stringMatching(/blocked|alreadyCompliant/),
    })
    expect(ran.notes).not.toContain('under way')
  })

  test('that somebody has begun already is followed, and no second one is begun', async () => {
    const { stack, id, world } = await closed()
    const begun = await as(world, 'somebody').undo(id, { restFor: 'PT24H' })
    const ran = await callOn(stack, 'undo', id, '--yes')
    expect(onlyRun(ran)).toMatchObject({ run: begun.runs[0]!.id, outcome: 'undone' })
  })

  test('is one run, also when its message comes twice', async () => {
    const { stack, id } = await closed()
    await callOn(stack, 'undo', id, '--yes')
    await stack.runs.send(stack.messages[0]!.message, 'arn', 'again')
    const { document } = await callOn(stack, 'runs')
    const outcomes = (document.runs as { outcome: string }[]).map(({ outcome }) => outcome)
    expect(outcomes.sort()).toEqual(['remediated', 'undone'])
  })

  test('sends nothing where nobody says yes', async () => {
    const { stack, id } = await closed()
    const ran = await callOn(stack, 'undo', id)
    expect(ran).toMatchObject({ status: 3, document: { refused: expect.stringContaining('--yes') } })
    expect(onlyRun(ran)).toMatchObject({ run: id, undoneBy: null })
    expect(stack.messages).toEqual([])
  })

  test('sends nothing for a run that changed nothing', async () => {
    const { stack, id } = await asking()
    await callOn(stack, 'decline', id, '--reason', 'no')
    stack.messages.length = 0
    const ran = await callOn(stack, 'undo', id, '--yes')
    expect(ran).toMatchObject({ status: 2, document: { error: { kind: 'usage' } } })
    expect(stack.messages).toEqual([])
  })

  test('is not deduplicated away when it is asked for once more', async () => {
    const { stack, id } = await closed()
    stack.awake = false
    const [first, second] = [
      await callOn(stack, 'undo', id, '--yes'),
      await callOn(stack, 'undo', id, '--yes'),
    ]
    for (const ran of [first, second]) {
      expect(ran).toMatchObject({
        status: 3,
        document: { refused: expect.stringContaining('nothing has come') },
      })
    }
    expect(new Set(stack.messages.map(({ deduplicationId }) => deduplicationId)).size).toBe(2)
  })
})

test('sweep --stack wakes what is due and drives nothing itself', async () => {
  const { stack, id, world } = await asking(terms('{ expiresAfter: 4h }'))
  expect((await callOn(stack, 'sweep')).document).toMatchObject({ runs: [] })
  world.clock.advance(5 * 3_600_000)
  stack.awake = false
  const ran = await callOn(stack, 'sweep')
  expect(stack.messages).toMatchObject([{ message: { kind: 'wake', run: id, why: 'sweep' } }])
  expect(onlyRun(ran)).toMatchObject({ run: id, state: 'waiting' })
  expect(ran.status).toBe(3)
})

test.each(['apply', 'plan', 'rehearse'])('%s --stack is refused, and says what to use', async (command) => {
  const { stack } = await closed()
  const ran = await callOn(stack, command, 'event.json')
  expect(ran).toMatchObject({
    status: 2,
    document: { error: { kind: 'usage', message: expect.stringContaining('rectify send') } },
  })
})
