import { basename } from 'node:path'
import { endsSoon } from '../../policy/exemptions/last-moment.ts'
import type { Exemption, LoadedPolicy } from '../../policy/rules.ts'
import type { StoredExemption } from '../../run/store.ts'
import { iso } from '../drive/facts.ts'
import type { EnginePorts } from '../ports.ts'

/** An exemption of which people are to know that it ends: what it leaves alone is put right from then on. */
export interface EndingExemption extends Pick<Exemption, 'resource' | 'owner' | 'reason' | 'until'> {
  /** Absent: all of them. */
  playbooks?: string[]
  /** `rectify.yaml:12`, or the id of one of the store. */
  where: string
}

/** Under what the store remembers which were told. */
const BOOKMARK = 'ending exemptions'
const DAY_MS = 24 * 3_600_000

interface Told {
  /** ISO 8601 UTC of the last look. */
  at: string
  /** Those that were told and have not ended. */
  told: string[]
}

/**
 * Once a day: tells people of the exemptions of the file and of the store that end within a week, of each once. What could
 * not be told is told at the next look.
 */
export async function tellEnding(
  { store, clock, policy }: Pick<EnginePorts, 'store' | 'clock' | 'policy'>,
  tell: (ending: EndingExemption[]) => Promise<void>,
): Promise<void> {
  const now = clock.now()
  const before = (await store.bookmark(BOOKMARK)) as unknown as Told | undefined
  if (before && now < Date.parse(before.at) + DAY_MS) return
  const ending = [...endingInFile(policy, now), ...endingInStore(await store.exemptions(), now)]
  const told = new Set(before?.told)
  const untold = ending.filter((each) => !told.has(keyOf(each)))
  if (untold.length > 0) await tell(untold)
  await store.setBookmark(BOOKMARK, { at: iso(now), told: ending.map(keyOf) })
}

/** Lines of a file move; an end that is put off is told again. */
function keyOf({ resource, playbooks = [], until }: EndingExemption): string {
  return JSON.stringify([resource, playbooks, until])
}

function endingInFile(policy: LoadedPolicy, now: number): EndingExemption[] {
  if (policy.kind === 'none') return []
  return policy.policy.exemptions
    .filter(({ until }) => endsSoon(until, now))
    .map(({ resource, playbook, owner, reason, until, line }) => ({
      ...{ resource, owner, reason, until, where: `${basename(policy.file)}:${line}` },
      ...(playbook && { playbooks: playbook }),
    }))
}

/** Whoever gave one for a week or less knows that it ends. */
function endingInStore(exemptions: readonly StoredExemption[], now: number): EndingExemption[] {
  return exemptions
    .filter(({ until, at, ended }) => !ended && endsSoon(until, now) && !endsSoon(until, Date.parse(at)))
    .map(({ id, resource, playbook, owner, reason, until }) => ({
      ...{ resource, owner, reason, until, where: id },
      ...(playbook !== undefined && { playbooks: [playbook] }),
    }))
}
