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

const BLOCKED = { outcome: 'blocked', reason: expect.stringMatching(/^paused by .+ at .+: release day$/) }

describe('pause', () => {
  test('says who paused and why, needs no AWS, and is told by runs', async () => {
    const own = programIn(sandbox(), { env: NO_AWS })
    const paused = await own.run('pause', '--reason', 'release day')
    expect(paused.status).toBe(0)
    const { by, at } = paused.document as { by: string; at: string }
    expect(paused.document).toEqual({
      paused: true,
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
    expect(held.runs).toMatchObject([BLOCKED])
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
    expect(stopped.runs).toMatchObject([BLOCKED])
    expect(changes(own)).toEqual([])
  })

  test('holds what was approved meanwhile, and an undo', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const { runs: waiting } = await own.report('apply', 'event.json')
    await own.run('pause', '--reason', 'release day')
    const approved = await own.report('approve', waiting[0]!.run)
    expect(approved.status).toBe(3)
    expect(approved.runs).toMatchObject([BLOCKED])

    await own.run('resume')
    const { runs: done } = await own.report('apply', 'event.json', '--yes')
    expect(done).toMatchObject([{ outcome: 'remediated' }])
    await own.run('pause', '--reason', 'release day')
    const undone = await own.report('undo', done[0]!.run, '--yes')
    expect(undone.status).toBe(3)
    expect(undone.runs).toMatchObject([BLOCKED])
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
  test('lists what the pause has stopped with its findings, and hands these in again when somebody says so', async () => {
    const { own } = await withOpenGroup()
    await own.run('pause', '--reason', 'release day')
    const { runs: held } = await own.report('apply', 'event.json')
    const { run, playbook, resource, findings } = held[0]!

    const listed = await own.run('resume')
    expect(listed.status).toBe(0)
    expect(listed.document).toMatchObject({ paused: false, reason: null })
    expect(listed.document).toMatchObject({ stopped: [{ run, playbook, resource, undoOf: null, findings }] })
    expect(listed.stderr).toContain(findings[0]!)
    expect(listed.stderr).toContain('rectify resume --yes')
    expect(changes(own)).toEqual([])

    const again = await own.run('resume', '--yes')
    expect(again.status).toBe(0)
    expect(again.document).toMatchObject({
      paused: false,
      stopped: [{ run }],
      runs: [{ outcome: 'remediated', resource, findings }],
    })
    expect(changes(own)).toHaveLength(1)
    // Answered now: there is nothing left to hand in.
    expect((await own.run('resume', '--yes')).document).toMatchObject({ stopped: [] })
    expect(changes(own)).toHaveLength(1)
  })

  test('has the status of what it started: a run that asks for approval waits', async () => {
    const { own } = await withOpenGroup({ policy: APPROVE })
    const { runs: waiting } = await own.report('apply', 'event.json')
    await own.run('pause')
    await own.report('approve', waiting[0]!.run)
    const again = await own.run('resume', '--yes', '--approve', waiting[0]!.plan!.hash)
    expect(again.document).toMatchObject({ runs: [{ outcome: 'remediated' }] })
  })

  test('names the undo that was stopped, and leaves it to whoever asked for it', async () => {
    const { own } = await withOpenGroup()
    const { runs: done } = await own.report('apply', 'event.json')
    await own.run('pause')
    await own.report('undo', done[0]!.run, '--yes')
    const resumed = await own.run('resume', '--yes')
    expect(resumed.document).toMatchObject({ stopped: [{ undoOf: done[0]!.run }] })
    expect(resumed.document).not.toHaveProperty('runs')
    expect(resumed.stderr).toContain(`rectify undo ${done[0]!.run}`)
    expect(changes(own)).toHaveLength(1)
  })
})

test('resume of what nobody paused is no error', async () => {
  const own = programIn(sandbox(), { env: NO_AWS })
  expect((await own.run('resume')).status).toBe(0)
  expect((await own.run('runs')).document).not.toHaveProperty('paused')
  expect(existsSync(join(own.folder, '.rectify'))).toBe(true)
})
