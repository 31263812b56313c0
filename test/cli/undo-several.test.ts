import { beforeEach, describe, expect, test } from '@jest/globals'
import { openGroup } from '../engine/approval-scenes.ts'
import { AUTO, sshOpen, type World } from '../engine/simulated-world.ts'
import { callOn, type MemoryStack, memoryStack, onlyRun } from './in-memory-stack.ts'

describe('undo of several runs', () => {
  let world: World
  let stack: MemoryStack
  let older: string
  let newer: string

  beforeEach(async () => {
    world = openGroup(AUTO)
    stack = memoryStack(world)
    older = await closed('sg-0web')
    world.aws.groups.add('sg-0app', [{ id: 'sgr-app', from: 22, cidr: '0.0.0.0/0' }])
    newer = await closed('sg-0app')
  })

  const closed = async (group: string) => (await stack.arrive([sshOpen(world, group)]))[0]!.id
  const undone = () => stack.messages.map(({ message }) => 'run' in message && message.run)

  test('takes back the newest first, in whatever order they are named, and each once', async () => {
    const ran = await callOn(stack, 'undo', older, newer, older.toLowerCase(), '--yes')
    expect(ran).toMatchObject({
      status: 0,
      document: {
        runs: [
          { undoOf: newer, outcome: 'undone' },
          { undoOf: older, outcome: 'undone' },
        ],
      },
    })
    expect(undone()).toEqual([newer, older])
  })

  test('takes none back where one of them cannot be', async () => {
    const undo = onlyRun(await callOn(stack, 'undo', older, '--yes')).run as string
    world.aws.groups.add('sg-0db', [{ id: 'sgr-db', from: 22, cidr: '0.0.0.0/0' }])
    const newest = await closed('sg-0db')
    stack.messages.length = 0
    const ran = await callOn(stack, 'undo', newest, undo, '--yes')
    const message = expect.stringContaining(`run ${undo} is itself an undo`)
    expect(ran).toMatchObject({ status: 2, document: { error: { message } } })
    expect(undone()).toEqual([])
  })

  test('names what it has taken back where the next one is refused', async () => {
    const { send } = stack.runs
    stack.runs.send = async (message, resource, id) => {
      if ('run' in message && message.run === older) throw new Error('the queue is gone')
      await send(message, resource, id)
    }
    const ran = await callOn(stack, 'undo', older, newer, '--yes')
    expect(ran).toMatchObject({ status: 1, document: { error: { message: 'the queue is gone' } } })
    expect(ran.notes).toContain(`before that: ${newer} undone`)
  })
})
