import { beforeEach, describe, expect, test } from '@jest/globals'
import { ANN, BlockingSets, OTHERS } from '../engine/blocking-sets.ts'
import { attack } from '../engine/simulated-world.ts'
import { callOn, type MemoryStack, memoryStack, onlyRun } from './in-memory-stack.ts'

let wall: BlockingSets
let stack: MemoryStack
beforeEach(async () => {
  wall = new BlockingSets()
  stack = memoryStack(wall.world)
  wall.world.aws.caller = { ...wall.world.aws.caller, arn: 'arn:aws:iam::123456789012:user/ann' }
  await stack.arrive([attack(wall.world, [ANN], { id: 'one' }), attack(wall.world, [ANN], { id: 'two' })])
})

describe('unblock --stack', () => {
  test('lists who holds the address, has the functions take it out in the caller’s name, and follows that', async () => {
    const ran = await callOn(stack, 'unblock', ANN, '--yes')

    expect(ran.status).toBe(0)
    expect(onlyRun(ran)).toMatchObject({ outcome: 'undone' })
    expect(ran.document.held).toMatchObject([
      { entry: `${ANN}/32`, holders: [{ finding: 'one' }, { finding: 'two' }] },
    ])
    expect(ran.notes).toMatch(
      /45\.155\.205\.10\/32 in arn:.*, held by\n {2}run \S+ {2}until \S+ {2}for one\n.* for two/,
    )
    expect(await wall.world.store.get(String(onlyRun(ran).run))).toMatchObject({
      requestedBy: 'arn:aws:iam::123456789012:user/ann',
      decisions: [{ verdict: 'approve', by: 'arn:aws:iam::123456789012:user/ann' }],
    })
    expect(wall.v4).toEqual([OTHERS])
  })

  test('sends nothing where nobody says yes, and has told who holds the address', async () => {
    stack.messages.length = 0
    const ran = await callOn(stack, 'unblock', ANN)

    expect(ran).toMatchObject({ status: 3, document: { refused: expect.stringContaining('--yes') } })
    expect(ran.notes).toContain('held by')
    expect(stack.messages).toEqual([])
    expect(wall.v4).toContain(`${ANN}/32`)
  })

  test('is one run, also when its message comes twice', async () => {
    await callOn(stack, 'unblock', ANN, '--yes')
    await stack.runs.send(stack.messages.at(-1)!.message, 'arn', 'again')
    const { document } = await callOn(stack, 'runs')
    const undone = (document.runs as { outcome: string }[]).filter(({ outcome }) => outcome === 'undone')
    expect(undone).toHaveLength(1)
  })

  test('of an address that nobody holds is refused, and sends nothing', async () => {
    stack.messages.length = 0
    const ran = await callOn(stack, 'unblock', '45.9.148.1', '--yes')

    expect(ran).toMatchObject({ status: 2, document: { error: { kind: 'usage' } } })
    expect(stack.messages).toEqual([])
  })
})

test('undo --stack of a run that only holds takes it off the holders, and ends held: the address is still blocked', async () => {
  const second = (await wall.world.store.list()).find(({ outcome }) => outcome === 'alreadyCompliant')!
  const ran = await callOn(stack, 'undo', second.id, '--yes')

  expect(ran.status).toBe(3)
  expect(onlyRun(ran)).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('still blocked') })
  expect(ran.notes).toContain(`lets go of  ${ANN}/32`)
  expect(await wall.timeBoxes()).toHaveLength(1)
})

test('unblock that a pause has held goes on by resume', async () => {
  await callOn(stack, 'pause')
  await callOn(stack, 'unblock', ANN, '--yes')
  expect(wall.v4).toContain(`${ANN}/32`)

  const resumed = await callOn(stack, 'resume')
  expect(resumed.notes).toContain('(undo)')
  expect(wall.v4).not.toContain(`${ANN}/32`)
  expect((await callOn(stack, 'resume')).document).toMatchObject({ held: [] })
})
