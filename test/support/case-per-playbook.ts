import { playbooks } from '../../playbooks/index.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Run } from '../../src/run/run.ts'
import { SCENES } from '../engine/scene-per-playbook.ts'
import { AUTO, finding, newWorld, start, type World } from '../engine/simulated-world.ts'
import { type LiveResource, namedBy, ruleOf } from '../playbooks/setting-table.ts'
import { adviceTables, tables } from '../playbooks/setting-tables.ts'

/** What is planned in the first case of a playbook's own tests; undefined where it has none. The heads may be stale. */
export async function caseOf(playbook: string): Promise<Run | undefined> {
  const rule = ruleOfCase(playbook)
  const world = newWorld(rule ? `version: 1\nrules:\n${rule}` : AUTO)
  const about = arranged(playbook, world)
  if (!about) return undefined
  const { runs } = await start(world, { playbooks }).engine.handle([about], 'plan')
  return runs.find((run) => run.playbook === playbook)
}

/** The rule of a policy by which that case is planned, where it has parameters. */
export function ruleOfCase(playbook: string): string | undefined {
  const setting = tables.find((each) => each.playbook.id === playbook)
  const first = setting?.rows.find(({ leads }) => leads === 'set')
  const parameters = first?.parameters ?? setting?.parameters
  return setting && parameters && ruleOf(setting.playbook, 'auto', parameters)
}

/** AWS as the first case has it, and the finding about it. */
export function arranged(playbook: string, world: World): Finding | undefined {
  const scene = SCENES.find((each) => each.playbook.id === playbook)
  if (scene) return scene.arrange(world)
  const setting = tables.find((each) => each.playbook.id === playbook)
  const advice = adviceTables.find((each) => each.playbook.id === playbook)
  const table = setting ?? advice
  if (!table) return undefined
  const first = setting?.rows.find(({ leads }) => leads === 'set')
  const resource: LiveResource = {
    isThere: true,
    values: first?.live ?? null,
    tags: [],
    more: first?.more ?? advice?.rows[0]?.live ?? {},
  }
  world.aws.answeringAll(table.aws(resource))
  const said = { ...table.finding, ...first?.finding }
  return finding(world, namedBy({ playbook: table.playbook, finding: said }, world.aws.account))
}
