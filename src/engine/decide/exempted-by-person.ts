import { slackUserOf } from '../../run/identity.ts'
import type { Decision, Run } from '../../run/run.ts'
import type { StoredExemption } from '../../run/store.ts'
import { tally } from '../../run/tally.ts'

/**
 * What a person exempted who was asked about a run, as it holds whatever reports the resource next. One run is one
 * exemption: it has the run's id. Undefined for a run that is about a part of its resource (one attacker of many in a
 * set): the others are not meant, and its key rests.
 */
export function exemptionBy(run: Run): StoredExemption | undefined {
  const made = madeBy(run)
  if (made === undefined || run.key !== run.resource) return undefined
  const { id, resource, playbook } = run
  const { by, at, person, reason = '', until } = made
  return {
    ...{ id, resource, playbook, owner: person ?? by, reason, until, by, at },
    origin: slackUserOf(by) === undefined ? 'command' : 'slack',
  }
}

/** Until when the key of a run rests that a person exempted; undefined where an exemption is stored instead. */
export function exemptUntil(run: Run): string | undefined {
  return exemptionBy(run) === undefined ? madeBy(run)?.until : undefined
}

function madeBy(run: Run): (Decision & { until: string }) | undefined {
  const { declined } = tally(run)
  return declined?.verdict === 'exempt' && declined.until !== undefined
    ? { ...declined, until: declined.until }
    : undefined
}
