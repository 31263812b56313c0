import { basename } from 'node:path'
import { spellingsOf } from '../../playbook/resource/resource-form.ts'
import { exemptionReason } from '../../policy/decide.ts'
import { endsSoon, lastMoment } from '../../policy/exemptions/last-moment.ts'
import { TAG_SAYS, UNTIL } from '../../policy/exemptions/own-tags.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { DecidedBy } from '../../run/decided-by.ts'
import type { Run } from '../../run/run.ts'
import type { StoredExemption } from '../../run/store.ts'

/** Runs that an exemption held back are named up to so many. */
const MOST_NAMED = 20

/** What leaves a resource alone, whoever said so. */
export interface ShownExemption {
  /** Of one that can be ended: `rectify exempt --end ID`. */
  id: string | null
  origin: 'file' | 'tag' | StoredExemption['origin']
  /** `rectify.yaml:12`, of one of the file. */
  where: string | null
  /** A pattern, where it is of the file. */
  resource: string
  /** Null: all of them. */
  playbooks: string[] | null
  owner: string | null
  reason: string
  /** ISO 8601 UTC. */
  until: string
  state: 'holds' | 'endsSoon' | 'over' | 'ended'
  by: string | null
  /** ISO 8601 UTC. */
  at: string | null
  ended: StoredExemption['ended'] | null
  heldBack: { runs: number; last: string | null; newest: string[] }
}

/** What is known of exemptions. */
export interface KnownExemptions {
  stored: readonly StoredExemption[]
  /** Its file is that which decides those runs. */
  policy: LoadedPolicy
  /** Runs that ended `exempted`, newest first. */
  exempted: readonly Run[]
}

/**
 * All exemptions with what each has held back: those of the file in its order, then those of the store by id, then those
 * by tags, as far as runs have met them.
 * @param now ms since 1970, UTC
 */
export function exemptionsJson({ stored, policy, exempted }: KnownExemptions, now: number): ShownExemption[] {
  return [
    ...ofFile(policy, exempted, now),
    ...stored.map((exemption) => storedJson(exemption, now, exempted)),
    ...byTags(exempted, now),
  ]
}

function ofFile(policy: LoadedPolicy, exempted: readonly Run[], now: number): ShownExemption[] {
  if (policy.kind === 'none') return []
  return policy.policy.exemptions.map((exemption) => {
    const { resource, playbook, owner, reason, until, line } = exemption
    const isBy = (run: Run) => {
      const by = byOf(run)
      if (by === undefined) return reasonOf(run) === exemptionReason(exemption)
      const isSame = by.kind === 'exemption' && by.origin === 'file' && by.resource === resource
      return isSame && by.until === until && (playbook?.includes(run.playbook) ?? true)
    }
    return {
      ...NOBODY,
      origin: 'file',
      where: `${basename(policy.file)}:${line}`,
      ...{ resource, playbooks: playbook ?? null, owner, reason, until },
      state: stateOf({ until }, now),
      heldBack: heldBack(exempted.filter(isBy)),
    }
  })
}

/** One of the store. */
export function storedJson(
  exemption: StoredExemption,
  now: number,
  exempted: readonly Run[] = [],
): ShownExemption {
  const { id, resource, playbook, owner, reason, until, by, at, origin, ended = null } = exemption
  const isHeld = (run: Run) => {
    if (run.id === id) return true
    const by = byOf(run)
    if (by !== undefined) return by.kind === 'exemption' && by.origin === 'store' && by.id === id
    const isSaid = reasonOf(run) === exemptionReason(exemption)
    return isSaid && isAbout(run, exemption) && at <= (run.endedAt ?? '')
  }
  return {
    ...{ id, origin, where: null, resource, playbooks: playbook === undefined ? null : [playbook] },
    ...{ owner, reason, until, state: stateOf(exemption, now), by, at, ended },
    heldBack: heldBack(exempted.filter(isHeld)),
  }
}

/** Of a resource whose tag exempts it, as the last run met it: what it says now only a look tells. */
function byTags(exempted: readonly Run[], now: number): ShownExemption[] {
  const met = new Map<string, { run: Run; said: Pick<ShownExemption, 'owner' | 'until'> }>()
  for (const run of exempted) {
    const said = tagOf(run)
    const key = `${run.account} ${run.resource}`
    if (said !== undefined && !met.has(key)) met.set(key, { run, said })
  }
  return [...met.values()].map(({ run, said }) => ({
    ...NOBODY,
    ...{ origin: 'tag', where: null, resource: run.resource, playbooks: null, reason: 'tag of the resource' },
    ...said,
    state: stateOf(said, now),
    heldBack: heldBack(
      exempted.filter((other) => other.resource === run.resource && tagOf(other) !== undefined),
    ),
  }))
}

const NOBODY = { id: null, by: null, at: null, ended: null }

/** What exempted a run; undefined for one that was stored before that was noted: there its reason tells. */
const byOf = ({ ruling }: Run): DecidedBy | undefined => (ruling?.mode === 'exempted' ? ruling.by : undefined)

/** What a tag says that exempted a run; undefined where none did. */
function tagOf(run: Run): Pick<ShownExemption, 'owner' | 'until'> | undefined {
  const by = byOf(run)
  if (by !== undefined) {
    const isTag = by.kind === 'tag' && by.tag === UNTIL && by.until !== undefined
    return isTag ? { owner: by.owner ?? null, until: by.until! } : undefined
  }
  const { owner, until = '' } = TAG_SAYS.exec(reasonOf(run))?.groups ?? {}
  const end = lastMoment(until)
  return end === undefined ? undefined : { owner: owner ?? null, until: end }
}

const reasonOf = ({ ruling, reason }: Run): string => (ruling?.mode === 'exempted' ? ruling.reason : reason)

function isAbout({ resource: arn, target, account, playbook }: Run, exemption: StoredExemption): boolean {
  const isPlaybook = exemption.playbook === undefined || exemption.playbook === playbook
  return isPlaybook && spellingsOf({ arn, id: target.id }, account).includes(exemption.resource)
}

function stateOf(
  { until, ended }: Pick<StoredExemption, 'until' | 'ended'>,
  now: number,
): ShownExemption['state'] {
  if (ended) return 'ended'
  if (Date.parse(until) < now) return 'over'
  return endsSoon(until, now) ? 'endsSoon' : 'holds'
}

function heldBack(runs: readonly Run[]): ShownExemption['heldBack'] {
  const newest = runs.slice(0, MOST_NAMED).map(({ id }) => id)
  return { runs: runs.length, last: runs[0]?.endedAt ?? null, newest }
}
