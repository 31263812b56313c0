import { globSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import type { Answer } from '../../src/engine/ports.ts'
import type { Run } from '../../src/run/run.ts'
import { finding, newWorld, start, type World } from '../engine/simulated-world.ts'
import { type Fields, withoutLists } from '../support/aws-model/failure.ts'
import { fakeReader } from '../support/reader.ts'
import { type LiveResource, namedBy, ruleOf, type SettingRow, type SettingTable } from './setting-table.ts'
import { tables } from './setting-tables.ts'

interface Stage {
  world: World
  resource: LiveResource
  /** Hands in what a detector says, to the end. */
  apply(answer?: Answer): Promise<Run>
  undo(run: Run): Promise<Run>
}

/** A row as the name of a test. */
const textOf = ({ live, more, parameters }: SettingRow) =>
  JSON.stringify({ ...live, ...more, ...(parameters && { parameters }) })

type Held = Pick<SettingRow, 'live' | 'more' | 'parameters' | 'finding'>

/** A world in which AWS holds the table's resource as in a row. */
function stage(
  table: SettingTable,
  { live, more = {}, parameters, finding: said }: Held,
  mode: 'auto' | 'approve' = 'auto',
): Stage {
  const world = newWorld(
    `version: 1\nrules:\n${ruleOf(table.playbook, mode, parameters ?? table.parameters)}`,
  )
  const resource: LiveResource = { isThere: true, values: live, tags: [], more }
  world.aws.answeringAll(table.aws(resource))
  const ofRow = { playbook: table.playbook, finding: { ...table.finding, ...said } }
  const about = () => finding(world, namedBy(ofRow, world.aws.account))
  return {
    world,
    resource,
    async apply(answer = { kind: 'approve' }) {
      const { runs } = await start(world, { answer: () => answer }).engine.handle([about()], 'apply')
      const own = runs.filter(({ playbook }) => playbook === table.playbook.id)
      expect(own).toHaveLength(1)
      return own[0]!
    },
    async undo({ id: run }) {
      const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
      return (await engine.undo(run, { restFor: 'PT24H' })).runs[0]!
    },
  }
}

/** A list in which a text has this in it. */
const withText = (part: string) => expect.arrayContaining([expect.stringContaining(part)])

const operations = ({ world }: Stage) => world.aws.changes().map(({ action }) => action)

describe.each(tables.map((table) => [table.playbook.id, table] as const))('%s', (_, table) => {
  const { playbook, id, should: usual, other, rows, change, changed, optionalReads = [], late = '' } = table
  const { readsOfTargets = [], inAccount: { reads: ofAccount, areOfTheLook } = { reads: [] } } = table
  const sets = rows.filter(({ leads }) => leads === 'set')
  const { live: first, should = usual } = sets[0]!
  /** A world in which the resource is as in the first row. */
  const staged = (mode?: 'approve') => stage(table, sets[0]!, mode)
  const ofNoLook = areOfTheLook ? [] : ofAccount
  const unasked = [...optionalReads, ...readsOfTargets, ...ofNoLook, 'config:DescribeConfigRules']
  const required = playbook.reads.filter((action) => !unasked.includes(action))

  test.each(sets.map((row) => [textOf(row), row] as const))(
    'sets what is %s, proves it, finds nothing left, and takes it back exactly',
    async (_text, row) => {
      const { live, should = usual, before = live, after = should, afterUndo = live } = row
      const { caution, pends, warning, unwarned, changes = [change] } = row
      const ends = (outcome: string) =>
        pends === undefined ? { outcome } : { outcome: 'unverified', reason: expect.stringContaining(pends) }
      const on = stage(table, row)
      const run = await on.apply()
      expect(run).toMatchObject({ ...ends('remediated'), target: { id }, plan: { before, after } })
      if (caution === undefined) expect(run.mode).toBe('auto')
      else expect(run).toMatchObject({ mode: 'approve', plan: { warnings: withText(caution) } })
      if (warning !== undefined) expect(run.plan?.warnings).toEqual(withText(warning))
      if (unwarned !== undefined) expect(run.plan?.warnings).not.toEqual(withText(unwarned))
      expect(on.resource.values).toEqual(should)
      expect(operations(on)).toEqual(changes)
      // What the session may do is said of this resource, and not of a pattern that matches nothing.
      const permissions = run.plan!.steps.flatMap((step) => step.permissions)
      expect(permissions.filter(({ resource }) => /[{}]/.test(resource))).toEqual([])

      on.world.clock.advance(60_000)
      expect(await on.apply()).toMatchObject(ends('alreadyCompliant'))
      expect(await on.undo(run)).toMatchObject({ outcome: 'undone' })
      expect(on.resource.values).toEqual(afterUndo)
      expect(operations(on)).toHaveLength(2 * changes.length)
    },
  )

  test.each(rows.flatMap((row) => (row.leads === 'set' ? [] : [[textOf(row), row, row.leads] as const])))(
    'leaves %s as it is, and says why',
    async (_text, row, { outcome, reason }) => {
      const on = stage(table, row)
      expect(await on.apply()).toMatchObject({ outcome, reason: expect.stringContaining(reason) })
      expect(operations(on)).toEqual([])
    },
  )

  test('says of the plan who sets the old value again, and what follows', async () => {
    const on = staged()
    on.resource.tags = [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }]
    const { plan } = await on.apply()
    const owner = withText('managed by CloudFormation stack shop')
    const where = ['CloudFormation stack shop', playbook.property && `property ${playbook.property}`]
      .filter(Boolean)
      .join(', ')
    if (table.isAlwaysThere) expect(plan?.warnings).not.toEqual(owner)
    else expect(plan).toMatchObject({ warnings: owner, managedBy: { by: 'cloudformation', where } })
    expect(plan?.impact.summary).not.toBe('nothing else is affected')
  })

  if (table.inAccount) {
    const { reads } = table.inAccount
    test('finds what is wrong where a rule names nothing but the account, and nothing else', async () => {
      const found = stage(table, { ...sets[0]!, finding: { id: undefined } })
      expect(await found.apply()).toMatchObject({ outcome: 'remediated', target: { id } })
      found.world.clock.advance(60_000)
      expect(await found.apply()).toMatchObject({
        outcome: 'alreadyCompliant',
        reason: 'nothing in the account is as the finding says',
      })
    })

    test.each(reads)('ends failed where %s is denied, and no resource is named', async (action) => {
      const on = stage(table, { ...sets[0]!, finding: { id: undefined } })
      on.world.aws.fault({ on: action, kind: 'deny' })
      expect(await on.apply()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(action) })
    })
  }

  if (!table.isAlwaysThere) {
    test('knows what is gone, before and after the plan', async () => {
      const before = staged()
      before.resource.isThere = false
      expect(await before.apply()).toMatchObject({ outcome: 'resourceGone' })

      const after = staged()
      after.world.aws.fault({
        on: change,
        before: () => {
          after.resource.isThere = false
        },
      })
      expect(await after.apply()).toMatchObject({ outcome: 'resourceGone' })
    })
  }

  test.each(required)('changes nothing where %s is denied, and says so', async (action) => {
    const on = staged()
    on.world.aws.fault({ on: action, kind: 'deny' })
    const { outcome, reason } = await on.apply()
    expect(['failed', 'blocked']).toContain(outcome)
    expect(reason).toContain(action)
    expect(operations(on)).toEqual([])
  })

  for (const action of optionalReads) {
    test(`goes on where ${action} is denied, and warns of it`, async () => {
      const on = staged()
      on.world.aws.fault({ on: action, kind: 'deny' })
      const { outcome, plan } = await on.apply()
      expect(outcome).toBe('remediated')
      expect(plan?.warnings).toEqual(withText(action))
    })
  }

  test.each(required)(
    'ends where AWS leaves all lists out of the answer to %s, and does not trip',
    async (action) => {
      const on = staged()
      on.world.aws.fault({ on: action, answer: (answer) => withoutLists(answer) as Fields })
      const { state, outcome, reason } = await on.apply()
      expect({ state, outcome }).toEqual({ state: 'closed', outcome: expect.any(String) })
      expect(reason).not.toMatch(/undefined|not iterable|cannot read/i)
    },
  )

  test('fails where the change is denied, and names the permission', async () => {
    const on = staged()
    on.world.aws.fault({ on: change, kind: 'deny' })
    expect(await on.apply()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(change) })
    expect(on.resource.values).toEqual(first)
  })

  test('believes the live resource where the answer is lost, whether the change took effect or not', async () => {
    const happened = staged()
    happened.world.aws.fault({ on: change, nth: 1, kind: 'loseAnswer' })
    expect(await happened.apply()).toMatchObject({ outcome: 'remediated' })
    expect(operations(happened)).toHaveLength(1)

    const lost = staged()
    lost.world.aws.fault({ on: change, nth: 1, kind: 'reset' })
    expect(await lost.apply()).toMatchObject({ outcome: 'remediated' })
    expect(operations(lost)).toHaveLength(2)
  })

  test('does not believe an answer that the live resource does not bear out', async () => {
    const on = staged()
    on.world.aws.fault({ on: change, kind: 'lie' })
    const { outcome, reason } = await on.apply()
    expect(outcome).toBe('unverified')
    expect(reason).toContain('not to be seen')
    expect(reason).toContain(late)
  })

  test('proves nothing while somebody sets it back at once', async () => {
    const on = staged()
    on.world.aws.fault({
      on: change,
      after: () => {
        on.resource.values = other
      },
    })
    expect(await on.apply()).toMatchObject({ outcome: 'unverified' })
  })

  test('does not touch what was put right between question and answer', async () => {
    const on = staged('approve')
    const waiting = await on.apply({ kind: 'leave' })
    on.resource.values = should
    const { runs } = await start(on.world).engine.approve(waiting.id, { hash: waiting.plan!.hash })
    expect(runs).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(operations(on)).toEqual([])
  })

  test('does not take back what somebody has changed since', async () => {
    const on = staged()
    const run = await on.apply()
    on.resource.values = changed ?? (other && { ...should, ...other })
    const isAsBefore = table.otherIsAsBefore ?? isDeepStrictEqual(on.resource.values, first)
    expect(await on.undo(run)).toMatchObject({ outcome: isAsBefore ? 'alreadyCompliant' : 'blocked' })
    expect(operations(on)).toHaveLength(1)
  })

  test('declares the change', () => {
    expect(playbook.writes.map(({ action }) => action)).toContain(change)
  })

  test('declares which of its reads are optional', () => {
    const own = (playbook.optionalReads ?? []).filter((action) => action !== 'config:DescribeConfigRules')
    expect(own).toEqual(optionalReads)
  })
})

test('a finding that names several resources is about each of them, once', async () => {
  const { playbook } = tables.find(({ playbook: { id } }) => id === 's3-block-public-access')!
  const bucket = (id: string) => ({ type: 'AWS::S3::Bucket', id })
  const about = finding(newWorld(), {
    source: 'securityhub',
    type: 'S3.8',
    resources: [bucket('reports'), bucket('arn:aws:s3:::reports'), bucket('artifacts')],
  })
  const none = { addresses: [] }
  const targets = await playbook.targets(about, playbook.parameters.parse({}), fakeReader({}), none)
  expect(targets).toMatchObject([{ id: 'reports' }, { id: 'artifacts' }])
})

test('every playbook has a test file of its own, or a table for this one', () => {
  const proven = globSync('*/*.{test,table,advice}.ts', { cwd: import.meta.dirname }).map((path) =>
    path.replace('/', '-').replace(/\.\w+\.ts$/, ''),
  )
  const unproven = playbooks.map(({ id }) => id).filter((id) => !proven.includes(id))
  const advice = ([service = '', ...name]: string[]) =>
    `write test/playbooks/${service}/${name.join('-')}.table.ts`
  expect(unproven.map((id) => `${id}: ${advice(id.split('-'))} (CONTRIBUTING.md, "A new playbook")`)).toEqual(
    [],
  )
})

test('every table is of a playbook that there is', () => {
  const unknown = tables.filter(({ playbook }) => !playbooks.includes(playbook))
  expect(unknown.map(({ playbook: { id } }) => `${id}: give playbooks/index.ts its line`)).toEqual([])
})
