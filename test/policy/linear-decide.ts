import { SEVERITIES } from '../../src/findings/finding.ts'
import { managersOf } from '../../src/playbook/managed-by.ts'
import { wildcard } from '../../src/playbook/matchers.ts'
import { spellingsOf } from '../../src/playbook/resource/resource-form.ts'
import type { Conditions, Policy, Subject, TagPlace } from '../../src/policy/rules.ts'
import { durationMs } from '../../src/policy/written-durations.ts'

/** What a policy says, rule by rule, without any index: what `decide` is held against. */

type Verdict = boolean | 'unread'

const all = (verdicts: Verdict[]): Verdict =>
  verdicts.includes(false) ? false : verdicts.includes('unread') ? 'unread' : true
const any = (verdicts: Verdict[]): Verdict =>
  verdicts.includes(true) ? true : verdicts.includes('unread') ? 'unread' : false

function isMeant(pattern: string, { resource, account }: Subject): Verdict {
  if (!pattern.startsWith('name:')) {
    return spellingsOf(resource, account).some((each) => wildcard(pattern, each))
  }
  if (resource.name === undefined) return 'unread'
  return resource.name !== null && wildcard(pattern.slice(5).trim(), resource.name)
}

function tagsHold(wanted: Record<string, string[]>, tags: Subject['tags']): Verdict {
  if (tags === 'unread') return 'unread'
  return Object.entries(wanted).every(([key, values]) =>
    values.some((value) => Object.hasOwn(tags, key) && wildcard(value, (tags[key] ?? '').trim())),
  )
}

/** Each key by itself, of the first place that has it; what was not read may have it. */
function tagsOfPlacesHold(
  wanted: Record<string, string[]>,
  { tags, standsIn = {} }: Subject,
  tagsOf: readonly TagPlace[],
): Verdict {
  const bags = tagsOf.map((place) => (place === 'resource' ? tags : (standsIn[place] ?? 'unread')))
  const nulls = tagsOf.map((place) => place !== 'resource' && standsIn[place] === null)
  return all(
    Object.entries(wanted).map(([key, values]) => {
      const at = bags.findIndex((bag, i) => !nulls[i] && (bag === 'unread' || Object.hasOwn(bag, key)))
      return at < 0 ? false : tagsHold({ [key]: values }, bags[at]!)
    }),
  )
}

function conditionsHold(
  when: Conditions,
  subject: Subject,
  now: number,
  tagsOf: readonly TagPlace[],
): Verdict {
  const { organization = 'unread', tags, reachable = 'unread', reportedAt } = subject
  const inOrganization =
    organization === 'unread' ? { path: 'unread' as const, tags: 'unread' as const } : organization
  const verdicts: Verdict[] = []
  if (when.playbook) verdicts.push(when.playbook.includes(subject.playbook))
  if (when.source) verdicts.push(when.source.includes(subject.source))
  if (when.type) verdicts.push(when.type.some((each) => wildcard(each, subject.type)))
  if (when.account) verdicts.push(when.account.includes(subject.account))
  if (when.region) verdicts.push(when.region.some((each) => wildcard(each, subject.region)))
  if (when.severity) {
    const rank = SEVERITIES.indexOf(subject.severity)
    const { severity } = when
    verdicts.push(
      Array.isArray(severity)
        ? severity.includes(subject.severity)
        : rank >= SEVERITIES.indexOf(severity.atLeast),
    )
  }
  if (when.tags) verdicts.push(tagsOfPlacesHold(when.tags, subject, tagsOf))
  if (when.managedBy) {
    verdicts.push(
      tags === 'unread' ? 'unread' : managersOf(tags).some(({ by }) => when.managedBy?.includes(by)),
    )
  }
  if (when.resource) verdicts.push(any(when.resource.map((each) => isMeant(each, subject))))
  if (when.ou) {
    const { path } = inOrganization
    verdicts.push(path === 'unread' ? 'unread' : when.ou.some((unit) => path.includes(unit)))
  }
  if (when.accountTags) verdicts.push(tagsHold(when.accountTags, inOrganization.tags))
  if (when.reachable !== undefined) {
    verdicts.push(reachable === 'unread' ? 'unread' : reachable === when.reachable)
  }
  if (when.age) {
    const age = reportedAt === undefined ? undefined : Math.max(0, now - Date.parse(reportedAt))
    const { atLeast = 'PT0S', atMost = 'P3650D' } = when.age
    verdicts.push(age === undefined ? 'unread' : age >= durationMs(atLeast) && age <= durationMs(atMost))
  }
  return all(verdicts)
}

/** Mode and, where a rule decides, its index. */
export function linearDecide(
  { rules, exemptions, never, tagsOf = ['resource'] }: Policy,
  subject: Subject,
  now: number,
): { mode: string; rule?: number } {
  if (never.accounts.includes(subject.account)) return { mode: 'blocked' }
  const forbidden = any(never.resources.map((each) => isMeant(each, subject)))
  if (forbidden === true) return { mode: 'blocked' }
  const running = exemptions.filter(
    ({ until, playbook }) => now <= Date.parse(until) && (playbook?.includes(subject.playbook) ?? true),
  )
  const exempted = any(running.map(({ resource }) => isMeant(resource, subject)))
  if (exempted === true) return { mode: 'exempted' }
  if (forbidden === 'unread' || exempted === 'unread') return { mode: 'undecided' }
  for (const [rule, { when: { not, ...when } = {}, mode }] of rules.entries()) {
    const but = not ? conditionsHold(not, subject, now, tagsOf) : false
    const verdict = all([conditionsHold(when, subject, now, tagsOf), but === 'unread' ? but : !but])
    if (verdict === 'unread') return { mode: 'undecided' }
    if (verdict) return { mode, rule }
  }
  return { mode: 'rehearse' }
}
