import { sameJson } from '../../playbook/json.ts'
import { tagPlacesOf } from '../conditions/tag-places.ts'
import { isOver } from '../freezes/freeze.ts'
import type { Exemption, Freeze, Limits, Policy, Rate } from '../rules.ts'
import { durationMs } from '../written-durations.ts'

/**
 * What a policy holds back less than the one before, rules aside, in words. A guard counts as kept where it stands there
 * as it was, or stricter. Pure.
 */
export function loosened(from: Policy, to: Policy, now: number): string[] {
  return [
    ...(from.protect && !to.protect ? ['protect is no longer true'] : []),
    ...looserNever(from, to),
    ...from.exemptions
      .filter((each) => Date.parse(each.until) >= now && !to.exemptions.some((other) => isKept(each, other)))
      .map(
        ({ resource, line }) => `the exemption of ${resource} (line ${line} of before) is gone or shorter`,
      ),
    ...from.freezes
      .filter((each) => !isOver(each, now) && !to.freezes.some((other) => sameJson(bare(each), bare(other))))
      .map((each) => `the freeze of line ${each.line} of before is gone or another`),
    ...looserLimits(from.limits, to.limits),
    // A tag that is found elsewhere may let more be done, and one that is found no more may have held it back.
    ...(sameJson(tagPlacesOf(from), tagPlacesOf(to)) ? [] : ['tagsOf is another']),
    ...(sameJson(from.configRules, to.configRules) ? [] : ['configRules are others']),
    ...(sameJson(from.slack ?? null, to.slack ?? null) ? [] : ['slack is another']),
    ...(sameJson(from.people ?? [], to.people ?? []) ? [] : ['people are others']),
  ]
}

function looserNever({ never: from }: Policy, { never: to }: Policy): string[] {
  return (['addresses', 'resources', 'roles', 'accounts'] as const).flatMap((key) =>
    from[key].filter((one) => !to[key].includes(one)).map((one) => `never.${key} lacks ${one}`),
  )
}

function isKept(before: Exemption, after: Exemption): boolean {
  const playbooks = before.playbook
  return (
    after.resource === before.resource &&
    Date.parse(after.until) >= Date.parse(before.until) &&
    (after.playbook === undefined || playbooks?.every((one) => after.playbook?.includes(one)) === true)
  )
}

/** What it freezes, wherever it stands in the file. */
const bare = ({ line: _, ...freeze }: Freeze) => freeze

function looserLimits(from: Limits, to: Limits): string[] {
  const names = Object.keys(from) as (keyof Limits)[]
  return names.filter((name) => isLooser(from, to, name)).map((name) => `limits.${name} is gone or higher`)
}

function isLooser(from: Limits, to: Limits, name: keyof Limits): boolean {
  const [before, after] = [from[name], to[name]]
  if (before === undefined) return false
  if (after === undefined) return true
  if (typeof before === 'number' || typeof after === 'number') return Number(after) > Number(before)
  if ('failures' in before || 'failures' in after) return !sameJson(before, after)
  return isHigherRate(before, after)
}

const isHigherRate = (before: Rate, after: Rate): boolean =>
  after.times > before.times || durationMs(after.within) < durationMs(before.within)
