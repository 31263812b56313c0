import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { programWithOpenGroup } from '../e2e/open-group.ts'
import { type Planter, plantIn } from '../e2e/planted-resources.ts'
import { APPROVE, type ProgramOptions, programIn } from '../e2e/program-in-sandbox.ts'
import { changes } from '../e2e/unplanned-requests.ts'
import { withSandbox } from '../support/sandbox.ts'

/** The kill switch of the local store, by the real program. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})
afterEach(() => {
  sandbox().faults.length = 0
})

const NO_AWS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }

const withOpenGroup = (options?: ProgramOptions) => programWithOpenGroup(sandbox(), plant, options)

const HELD = {
  state: 'waiting',
  waitingFor: 'pause',
  heldBy: { rail: 'pause', reason: expect.stringMatching(/^paused by .+ at .+: release day$/) },
}

describe('pause', () => {
  test('says who paused and why, needs no AWS, and is told by runs', async () => {
    const own = programIn(sandbox(), { env: NO_AWS })
    const paused = await own.run('pause', '--reason', 'release day')
    expect(paused.status).toBe(0)
    const { by, at } = paused.document as { by: string; at: string }
    expect(paused.document).toEqual({
      paused: true,
      scope: 'all',
      by: expect.any(String),
      at: expect.any(String),
      reason: 'release day',
    })
    expect(by).toContain('@')
    expect(Math.abs(Date.now() - Date.parse(at))).toBeLessThan(60_000)
    const listed = await own.run('runs')
    expect(listed.document).toMatchObject({ runs: [], paused: { by, at, reason: 'release day' } })
    expect(listed.stderr).toContain('rectify resume')
  })

  test('keeps apply from any change, status 3, until resume', async () => {
    const { own } = await withOpenGroup()
    await own.run('pause', '--reason', 'release day')
    const held = await own.report('apply', 'event.json')
    expect(held.status).toBe(3)
    expect(held.runs).toMatchObject([HELD])
    expect(held.stderr).toContain('no change starts until rectify resume')
    expect(changes(own)).toEqual([])

    const resumed = await own.run('resume')
    expect(resumed.document).toMatchObject({ paused: false, reason: null })
    const done = await own.report('apply', 'event.json')
    expect(done.status).toBe(0)
    expect(done.runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('stops a run in hand before its next step', async () => {
    const { own } = await withOpenGroup()
    let paused: unknown
    const before = async () => {
      paused = (await own.run('pause', '--reason', 'release day')).document
    }
    own.strike('DescribeNetworkInterfaces', { kind: 'hook', before }, { count: 1 })
    const stopped = await own.report('apply', 'event.json')
    expect(paused).toMatchObject({ paused: true })
    expect(stopped.status).toBe(3)
    expect(stopped.runs).toMatchObject([HELD])
    expect(changes(own)).toEqual([])
  })

  test('holds what was approved meanwhile, and an undo', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const { runs: waiting } = await own.report('apply', 'event.json')
    await own.run('pause', '--reason', 'release day')
    const approved = await own.report('approve', waiting[0]!.run)
    expect(approved.status).toBe(3)
    expect(approved.runs).toMatchObject([HELD])

    const { document } = await own.run('resume', '--yes')
    const { runs: done } = document as { runs: { run: string }[] }
    // What was approved stays approved: the plan is the same.
    expect(done).toMatchObject([{ run: waiting[0]!.run, outcome: 'remediated' }])
    await own.run('pause', '--reason', 'release day')
    const undone = await own.report('undo', done[0]!.run, '--yes')
    expect(undone.status).toBe(3)
    expect(undone.runs).toMatchObject([HELD])
    expect(changes(own)).toHaveLength(1)
  })

  test('is not in the way of what changes nothing', async () => {
    const { own } = await withOpenGroup()
    await own.run('pause')
    for (const command of ['plan', 'rehearse']) {
      expect((await own.report(command, 'event.json')).status).toBe(0)
    }
  })
})

describe('resume', () => {
  test('lists what the pause has held, and carries it on when somebody says so', async () => {
    const { own } = await withOpenGroup()
    await own.run('pause', '--reason', 'release day')
    const { runs: held } = await own.report('apply', 'event.json')
    const { run, playbook, resource, findings } = held[0]!

    const listed = await own.run('resume')
    expect(listed.status).toBe(0)
    expect(listed.document).toMatchObject({ paused: false, reason: null })
    expect(listed.document).toMatchObject({ held: [{ run, playbook, resource, undoOf: null, findings }] })
    expect(listed.stderr).toContain(findings[0]!)
    expect(changes(own)).toEqual([])

    const again = await own.run('resume', '--yes')
    expect(again.status).toBe(0)
    expect(again.document).toMatchObject({
      paused: false,
      held: [{ run }],
      runs: [{ run, outcome: 'remediated', resource, findings }],
    })
    expect(changes(own)).toHaveLength(1)
    expect((await own.run('resume', '--yes')).document).toMatchObject({ held: [] })
    expect(changes(own)).toHaveLength(1)
  })

  test('lets a later sweep carry on what nobody confirmed', async () => {
    const { own } = await withOpenGroup()
    await own.run('pause')
    await own.report('apply', 'event.json')
    await own.run('resume')
    expect((await own.report('sweep')).runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('carries on an undo that was held', async () => {
    const { own } = await withOpenGroup()
    const { runs: done } = await own.report('apply', 'event.json')
    await own.run('pause')
    await own.report('undo', done[0]!.run, '--yes')
    const resumed = await own.run('resume', '--yes')
    expect(resumed.document).toMatchObject({
      held: [{ undoOf: done[0]!.run }],
      runs: [{ undoOf: done[0]!.run, outcome: 'undone' }],
    })
    expect(changes(own)).toHaveLength(2)
  })
})

test('resume of what nobody paused is no error', async () => {
  const own = programIn(sandbox(), { env: NO_AWS })
  expect((await own.run('resume')).status).toBe(0)
  expect((await own.run('runs')).document).not.toHaveProperty('paused')
  expect(existsSync(join(own.folder, '.rectify'))).toBe(true)
})
