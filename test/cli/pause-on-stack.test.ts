import { describe, expect, test } from '@jest/globals'
import { arn, openGroup } from '../engine/approval-scenes.ts'
import { AUTO, sshOpen } from '../engine/simulated-world.ts'
import { asking, callOn, memoryStack, onlyRun } from './in-memory-stack.ts'

test('pause --stack stops the deployment in the name of the caller, until resume', async () => {
  const { stack, id, world } = await asking()
  const paused = await callOn(stack, 'pause', '--reason', 'release day')
  expect(paused).toMatchObject({
    status: 0,
    document: {
      paused: true,
      scope: 'all',
      by: arn('tester'),
      at: expect.any(String),
      reason: 'release day',
    },
  })
  const listed = await callOn(stack, 'runs')
  expect(listed.document).toMatchObject({ paused: { by: arn('tester'), reason: 'release day' } })
  expect(listed.notes).toContain('rectify resume --stack prod')

  const approved = await callOn(stack, 'approve', id)
  expect(approved.status).toBe(3)
  expect(onlyRun(approved)).toMatchObject({
    state: 'waiting',
    waitingFor: 'pause',
    heldBy: { rail: 'pause', reason: expect.stringMatching(/^paused by .*: release day$/) },
  })
  expect(world.aws.changes()).toEqual([])

  const resumed = await callOn(stack, 'resume')
  expect(resumed.document).toMatchObject({ paused: false, by: arn('tester'), reason: null })
  expect((await callOn(stack, 'runs')).document).not.toHaveProperty('paused')
})

describe('resume --stack', () => {
  test('has the functions carry on what the pause has held', async () => {
    const world = openGroup(AUTO)
    const stack = memoryStack(world)
    await callOn(stack, 'pause', '--reason', 'release day')
    const [held] = await stack.arrive([sshOpen(world, 'sg-0web')])
    expect(held).toMatchObject({ state: 'waiting', waitingFor: 'pause' })
    // The detector says it again: still one run, and no change.
    await stack.arrive([sshOpen(world, 'sg-0web')])
    expect(world.aws.changes()).toEqual([])

    const resumed = await callOn(stack, 'resume')
    expect(resumed).toMatchObject({ document: { paused: false, held: [{ run: held!.id }] } })
    expect(stack.messages).toMatchObject([{ message: { kind: 'wake', run: held!.id } }])
    expect(world.aws.groups.rulesOf('sg-0web')).toEqual([])
    expect(await world.store.list()).toMatchObject([{ outcome: 'remediated' }])
    const { document } = await callOn(stack, 'resume')
    expect(document).toMatchObject({ held: [] })
  })
})

describe('a pause of less than everything', () => {
  const PLAYBOOK = 'ec2-close-open-ingress'
  const ACCOUNT = '123456789012'
  const asked = ['--playbook', PLAYBOOK]

  async function held(...pauses: string[][]) {
    const world = openGroup(AUTO)
    const stack = memoryStack(world)
    for (const scope of pauses) await callOn(stack, 'pause', ...scope, '--reason', 'release day')
    const [run] = await stack.arrive([sshOpen(world, 'sg-0web')])
    return { world, stack, run: run! }
  }

  test.each([
    [asked, `playbook:${PLAYBOOK}`],
    [['--account', ACCOUNT], `account:${ACCOUNT}`],
  ])(
    '%j holds what it is about, and is told by runs and sweep with the command that ends it',
    async (options, scope) => {
      const { stack, run, world } = await held(options)
      expect(run).toMatchObject({ waitingFor: 'pause', heldBy: { rail: 'pause', scope } })
      const pauses = [{ scope, by: arn('tester'), at: run.startedAt, reason: 'release day' }]
      for (const command of ['runs', 'sweep']) {
        const { document, notes } = await callOn(stack, command)
        expect(document).toMatchObject({ pauses })
        expect(document).not.toHaveProperty('paused')
        expect(notes).toContain(
          `paused for ${scope.replace(':', ' ')} by ${arn('tester')} at ${run.heldBy!.reason.match(/ at (.*): /)![1]}: release day; none of its changes starts until rectify resume ${options.join(' ')} --stack prod`,
        )
      }
      expect((await callOn(stack, 'runs', run.id)).text).toContain(
        `rectify resume ${options.join(' ')} --stack prod`,
      )
      expect(world.aws.changes()).toEqual([])
      const resumed = await callOn(stack, 'resume', ...options)
      expect(resumed.document).toMatchObject({ paused: false, scope, held: [{ run: run.id }] })
      expect(await world.store.list()).toMatchObject([{ outcome: 'remediated' }])
      expect((await callOn(stack, 'runs')).document).not.toHaveProperty('pauses')
    },
  )

  test('holds nothing else', async () => {
    const { run } = await held(['--playbook', 's3-block-public-access'], ['--account', '999999999999'])
    expect(run).toMatchObject({ outcome: 'remediated' })
  })

  test('resume of one lets go only what no other holds, and says which stand', async () => {
    const { stack, world, run } = await held(asked, ['--account', ACCOUNT], [])
    const still = await callOn(stack, 'resume')
    expect(still.document).toMatchObject({ paused: false, scope: 'all', held: [], pauses: [{}, {}] })
    expect(still.notes).toContain('rectify resume --playbook ec2-close-open-ingress --stack prod')
    expect((await callOn(stack, 'resume', ...asked)).document).toMatchObject({
      held: [],
      pauses: [{ scope: `account:${ACCOUNT}` }],
    })
    expect(world.aws.changes()).toEqual([])
    expect((await callOn(stack, 'resume', '--account', ACCOUNT)).document).toMatchObject({
      held: [{ run: run.id }],
    })
    expect(await world.store.list()).toMatchObject([{ outcome: 'remediated' }])
  })

  test.each([
    [['--playbook', 'ec2-close-open-ingres'], 'did you mean'],
    [['--account', '1234'], 'is not an account, which has 12 digits'],
    [[...asked, '--account', ACCOUNT], 'give either --playbook or --account'],
  ])('%j is refused, status 2, and nothing is paused or resumed', async (options, why) => {
    const { stack, world } = await held()
    for (const command of ['pause', 'resume']) {
      const refused = await callOn(stack, command, ...options)
      expect(refused.status).toBe(2)
      expect(`${refused.notes}${refused.text}`).toContain(why)
    }
    expect(await world.store.allControls()).toEqual([])
  })

  test('ends though its playbook is not there any more', async () => {
    const { stack, world } = await held()
    await world.store.setControlOf('playbook:gone', { paused: true })
    expect((await callOn(stack, 'resume', '--playbook', 'gone')).status).toBe(0)
    expect(await world.store.allControls()).toEqual([])
  })
})
