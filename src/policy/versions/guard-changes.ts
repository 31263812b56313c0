import { sameJson } from '../../playbook/json.ts'
import { isOver } from '../freezes/freeze.ts'
import { DEFAULT_FIGHTS, type Exemption, type Freeze, type Limits, type Policy, type Rate } from '../rules.ts'
import { durationMs } from '../written-durations.ts'

/**
 * How a guard of a second policy differs from that of a first. `loosened`: it holds back less, or it is not shown that it
 * does not; `stricter`: it holds back more; `other`: neither.
 */
export interface GuardChange {
  /** Where it stands in the file: `freezes`, `limits.atOnce`. */
  guard: string
  change: 'loosened' | 'stricter' | 'other'
  /** A sentence without its end. */
  text: string
}

/**
 * What a policy holds back otherwise than the one before, rules aside: what is loosened first. A guard counts as kept
 * where it stands there as it was, or stricter. Pure.
 * @param now ms since 1970, UTC: exemptions and freezes that are over hold nothing back
 */
export function guardChanges(from: Policy, to: Policy, now: number): GuardChange[] {
  const loosened = lessOf(from, to, now)
  const stricter = lessOf(to, from, now)
  return [
    ...loosened.map(({ guard, gone }): GuardChange => ({ guard, change: 'loosened', text: gone })),
    ...unordered(from, to),
    ...stricter.map(({ guard, come }): GuardChange => ({ guard, change: 'stricter', text: come })),
    ...(sameJson(from.tell, to.tell)
      ? []
      : [{ guard: 'tell', change: 'other' as const, text: toldText(from, to) }]),
  ]
}

/** What a policy holds back less than the one before, rules aside, in words. Pure. */
export function loosened(from: Policy, to: Policy, now: number): string[] {
  return guardChanges(from, to, now)
    .filter(({ change }) => change === 'loosened')
    .map(({ text }) => text)
}

/** What one policy holds back and another does not, said of either: as it is gone from the one, or new in the other. */
interface Lacking {
  guard: string
  gone: string
  come: string
}

function lessOf(having: Policy, lacking: Policy, now: number): Lacking[] {
  return [
    ...(having.protect && !lacking.protect
      ? [{ guard: 'protect', gone: 'protect is no longer true', come: 'protect is true' }]
      : []),
    ...lackingNever(having, lacking),
    ...having.exemptions
      .filter(
        (each) => Date.parse(each.until) >= now && !lacking.exemptions.some((other) => isKept(each, other)),
      )
      .map(({ resource, line, until }) => ({
        guard: 'exemptions',
        gone: `the exemption of ${resource} (line ${line} of before) is gone or shorter`,
        come: `the exemption of ${resource} (line ${line}) is new or longer: until ${until}`,
      })),
    ...having.freezes
      .filter(
        (each) => !isOver(each, now) && !lacking.freezes.some((other) => sameJson(bare(each), bare(other))),
      )
      .map(({ name, line }) => ({
        guard: 'freezes',
        gone: `the freeze of line ${line} of before is gone or another: ${name}`,
        come: `the freeze of line ${line} is new or another: ${name}`,
      })),
    ...lackingLimits(having.limits, lacking.limits),
  ]
}

/** Of what nobody can say whether it is stricter: shown to be none it is not. */
function unordered(from: Policy, to: Policy): GuardChange[] {
  const otherwise = [
    ...(sameJson(from.configRules, to.configRules)
      ? []
      : [{ guard: 'configRules', text: 'configRules are others' }]),
    ...(sameJson(from.slack ?? null, to.slack ?? null) ? [] : [{ guard: 'slack', text: 'slack is another' }]),
    ...(sameJson(from.people ?? [], to.people ?? []) ? [] : [{ guard: 'people', text: 'people are others' }]),
  ]
  return otherwise.map((each) => ({ ...each, change: 'loosened' }))
}

function toldText({ tell: from }: Policy, { tell: to }: Policy): string {
  const names = (some: readonly string[], others: readonly string[]) =>
    some.filter((each) => !others.includes(each)).join(', ')
  const [gone, come] = [names(from, to), names(to, from)]
  const parts = [...(gone ? [`${gone} no longer`] : []), ...(come ? [`${come} from now on`] : [])]
  return `detectors are told otherwise: ${parts.join('; ') || 'in another order'}`
}

function lackingNever({ never: having }: Policy, { never: lacking }: Policy): Lacking[] {
  return (['addresses', 'resources', 'roles', 'accounts'] as const).flatMap((key) =>
    having[key]
      .filter((one) => !lacking[key].includes(one))
      .map((one) => ({
        guard: `never.${key}`,
        gone: `never.${key} lacks ${one}`,
        come: `never.${key} has ${one}`,
      })),
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

/** Those of a policy that is silent: as many fights, wherever it says no number. */
const spoken = (limits: Limits): Limits => ({ fights: DEFAULT_FIGHTS, ...limits })

function lackingLimits(having: Limits, lacking: Limits): Lacking[] {
  const [before, after] = [spoken(having), spoken(lacking)]
  const names = Object.keys(before) as (keyof Limits)[]
  return names
    .filter((name) => isLooser(before, after, name))
    .map((name) => ({
      guard: `limits.${name}`,
      gone: `limits.${name} is gone or higher`,
      come: `limits.${name} is new or lower`,
    }))
}

function isLooser(from: Limits, to: Limits, name: keyof Limits): boolean {
  const [before, after] = [from[name], to[name]]
  if (before === undefined) return false
  if (after === undefined) return true
  if (typeof before === 'number' || typeof after === 'number') return Number(after) > Number(before)
  if ('failures' in before || 'failures' in after) return isLooserBreaker(from.breaker!, to.breaker!)
  return isHigherRate(before, after)
}

const isHigherRate = (before: Rate, after: Rate): boolean =>
  after.times > before.times || durationMs(after.within) < durationMs(before.within)

type Breaker = NonNullable<Limits['breaker']>

/** It lets go sooner, or bears more. */
const isLooserBreaker = (before: Breaker, after: Breaker): boolean =>
  isHigherRate(
    { times: before.failures, within: before.within },
    { times: after.failures, within: after.within },
  ) || durationMs(after.retryAfter) < durationMs(before.retryAfter)
