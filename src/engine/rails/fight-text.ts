import type { Json } from '../../playbook/json.ts'
import type { Manager } from '../../playbook/managed-by.ts'
import type { Token } from '../../run/store.ts'
import { whoUndid } from '../trail/who-undid.ts'
import type { Railed } from './rail.ts'

/**
 * What a person is told of a fight: how often it was put right, who undid it, what may be behind that, and both states.
 * @param fixes each with the run that made it, not empty
 */
export async function fightText(
  railed: Railed,
  managers: readonly Manager[],
  { fixes, within }: { fixes: readonly Token[]; within: string },
): Promise<string[]> {
  const { run, ports } = railed
  const newest = fixes.reduce((latest, each) => (each.until > latest.until ? each : latest))
  const last = await ports.store.get(newest.key)
  const seen = [...new Set(run.findings.flatMap(({ evidence }) => evidence.principal ?? []))]
  const by = seen.length > 0 ? `by ${seen.join(', ')}` : 'by somebody whom no detector names'
  const lately = await whoUndid(railed, last)
  const marks = managers.map(({ where }) => where)
  return [
    `put right ${fixes.length} times within ${within}, and undone each time ${by}; ${lately}`,
    ...(marks.length > 0 ? [`what manages it may be what puts it back: ${marks.join(', ')}`] : []),
    ...(last?.plan
      ? [`it goes back and forth between ${short(last.plan.before)} and ${short(last.plan.after)}`]
      : []),
  ]
}

/** A state in so many characters. */
const STATE_LENGTH = 200

function short(state: Json): string {
  const text = JSON.stringify(state)
  return text.length <= STATE_LENGTH ? text : `${text.slice(0, STATE_LENGTH)}…`
}
