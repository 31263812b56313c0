import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { isRead } from '../../src/playbook/api.ts'
import { adviceTables, tables } from '../playbooks/setting-tables.ts'
import { type Fields, withoutLists } from '../support/aws-model/failure.ts'
import { SCENES } from './scene-per-playbook.ts'
import { newWorld, start } from './simulated-world.ts'

/** AWS leaves out a list that holds nothing: `SecurityGroupRules` is then no key of the answer, not `[]`. */
describe('an answer without its list', () => {
  const reads = SCENES.flatMap(({ name, playbook }) => playbook.reads.map((read) => [name, read] as const))

  test('is asked of every read of every playbook, but for settings and advice, which have suites of their own', () => {
    const asked = new Set(reads.map(([, read]) => read))
    const own = [...tables, ...adviceTables].map(({ playbook }) => playbook.id)
    const others = playbooks.filter(({ id }) => !own.includes(id))
    expect([...asked].sort()).toEqual([...new Set(others.flatMap((playbook) => playbook.reads))].sort())
  })

  test.each(reads)('%s: the run that reads nothing by %s ends, and its undo as well', async (name, read) => {
    const scene = SCENES.find((each) => each.name === name)!
    const world = newWorld()
    const about = scene.arrange(world)
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    world.aws.fault({ on: read, answer: (answer) => withoutLists(answer) as Fields })

    for (const intent of ['plan', 'rehearse', 'apply'] as const) {
      const { runs } = await engine.handle([about], intent)
      for (const run of runs) {
        expect(run).toMatchObject({ state: 'closed', outcome: expect.any(String) })
        expect(run.reason).not.toMatch(/undefined|not iterable|cannot read/i)
        // Rules without their group are a doubt about its tags, and told as one.
        const doubt = run.outcome === 'blocked' && /the group is not found/.test(run.reason)
        expect([run.reason, doubt || (run.outcome !== 'failed' && run.outcome !== 'blocked')]).toEqual([
          run.reason,
          true,
        ])
      }
      const changed = runs.find(({ outcome }) => outcome === 'remediated')
      if (changed) await engine.undo(changed.id, { restFor: 'PT1H' })
    }
  })

  test.each(SCENES)('$name: it is put right where all that is empty is left out', async (scene) => {
    const world = newWorld()
    const about = scene.arrange(world)
    const { runs } = await start(world).engine.handle([about], 'apply')

    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(world.aws.calls.filter(({ operation }) => isRead(operation)).length).toBeGreaterThan(0)
  })
})
