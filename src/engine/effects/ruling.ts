import type { Permit } from '../../../state-machines/remediation.ts'
import { type Json, sameJson } from '../../playbook/json.ts'
import type { Mode } from '../../playbook/playbook.ts'
import { DEFAULT_APPROVAL } from '../../policy/approvers.ts'
import { asksForOrganization } from '../../policy/conditions/asks-for.ts'
import { tagPlacesOf } from '../../policy/conditions/tag-places.ts'
import { decide, forbidding, parametersFor, STRICTNESS, strictest } from '../../policy/decide.ts'
import { withOwnTags } from '../../policy/exemptions/own-tags.ts'
import type { Ruling, Subject } from '../../policy/rules.ts'
import type { ApprovalTerms } from '../../run/run.ts'
import type { Drive } from '../drive/drive.ts'
import type { AccountPlace } from '../ports.ts'
import { bagsOf, isUnreadable } from '../tags/live-tags.ts'
import type { SeenByRules } from '../tags/seen-by-rules.ts'

/** A decision that is made again may only become stricter. */
export function stricter(a: Permit, b: Permit): Permit {
  return STRICTNESS.indexOf(a) <= STRICTNESS.indexOf(b) ? a : b
}

/** Asks for what rules may want of the account. */
export async function organizationOf({
  run,
  policy,
  ports,
}: Drive): Promise<Pick<SeenByRules, 'organization'>> {
  const asks = asksForOrganization(policy)
  if (!asks.path && !asks.tags) return {}
  return { organization: await (ports.organization?.(run.account, asks) ?? NOBODY_TELLS) }
}

const NOBODY_TELLS: AccountPlace = {
  path: 'unread',
  tags: 'unread',
  unreadable: 'nothing here can ask AWS Organizations',
}

/**
 * The policy's word on a run, and that of its resource's own tags: the strictest over its findings and, where it is about
 * several resources, over their tags.
 */
export function rule(drive: Drive, seen: SeenByRules = {}): Ruling {
  return drive.run.undoOf ? undoRuling(drive, seen) : rulingOf(drive, seen, withOwnTags)
}

/** @param tagged what tags say besides; left out, nothing */
function rulingOf(drive: Drive, seen: SeenByRules, tagged?: typeof withOwnTags): Ruling {
  const { policy, ports } = drive
  const now = ports.clock.now()
  const places = policy.kind === 'none' ? undefined : tagPlacesOf(policy.policy)
  return strictest(
    subjectsOf(drive, seen).map((subject) => {
      const ruling = decide(policy, subject, now)
      return tagged ? tagged(ruling, subject, now, places) : ruling
    }),
  )
}

function subjectsOf(drive: Drive, seen: SeenByRules): Subject[] {
  const { playbook, account, region, findings } = drive.run
  const resource = resourceOf(drive, seen)
  const { organization = 'unread', reachable = 'unread', standsIn = [] } = seen
  const hasNoTags = seen.tags !== undefined && isUnreadable(seen.tags) && seen.tags.onlyIfAsked
  const place = { account, region, resource, organization, reachable } as const
  return findings.flatMap(({ source, type, severity, observedAt }) =>
    bagsOf(seen.tags).map((tags, at): Subject => {
      const around = standsIn[at]
      return {
        ...{ playbook, source, type, severity, ...place, tags, reportedAt: observedAt },
        ...(hasNoTags && { hasNoTags }),
        ...(around && { standsIn: around }),
      }
    }),
  )
}

/**
 * The ruling by which a plan may be made although it decides nothing: all that it asks for is what the plan will tell, and
 * whichever rule decides then, the parameters are these. Undefined for any other.
 */
export function untilPlanned(drive: Drive, ruling: Ruling, seen: SeenByRules): Ruling | undefined {
  const { policy, playbook, ports } = drive
  const isOpen = ruling.mode === 'undecided' && ruling.unread?.every((what) => what === 'reachable')
  if (!isOpen || 'reachable' in seen) return undefined
  const [parameters = {}, ...others] = subjectsOf(drive, seen).flatMap((subject) =>
    parametersFor(policy, subject, ports.clock.now()),
  )
  const parsed = (given: Ruling['parameters']) => playbook.parameters.parse(given) as Json
  const areSame = others.every((other) => sameJson(parsed(parameters), parsed(other)))
  return areSame ? { ...ruling, parameters } : undefined
}

function resourceOf({ run, playbook }: Drive, { name }: SeenByRules): Subject['resource'] {
  const own = playbook.nameOf === undefined ? null : name
  return { arn: run.resource, id: run.target.id, ...(own !== undefined && { name: own }) }
}

/**
 * Who confirms an undo: those whom the rule names that holds now, so that whoever is no longer an approver takes nothing
 * back; where none asks for anybody, those whom the run asked that is taken back.
 */
function termsOfUndo(drive: Drive, seen: SeenByRules): ApprovalTerms {
  const stored = drive.run.approval ?? DEFAULT_APPROVAL
  if (drive.policy.kind === 'none') return stored
  const { mode, approval } = rulingOf(drive, seen)
  const asks = mode === 'approve' || (mode === 'auto' && approval.approvers !== undefined)
  return asks ? approval : stored
}

/** An undo needs no rule, only a person's word; an expiry was approved together with the block. `never` holds both. */
function undoRuling(drive: Drive, seen: SeenByRules): Ruling {
  const { run, policy } = drive
  const base = {
    parameters: run.parameters as Record<string, unknown>,
    approval: termsOfUndo(drive, seen),
  }
  const forbidden = forbidding(policy, { resource: resourceOf(drive, seen), account: run.account })
  if (forbidden === 'unread')
    return { ...base, mode: 'undecided', reason: 'undecided: name', unread: ['name'] }
  if (forbidden !== undefined) {
    return { ...base, mode: 'blocked', reason: 'never: the policy forbids any change of this resource' }
  }
  return run.expiry
    ? { ...base, mode: 'auto', reason: 'expiry, approved together with the block' }
    : { ...base, mode: 'approve', reason: 'an undo opens again what was closed: a person confirms it' }
}

/**
 * Why nothing can be decided; undefined when it can: a rule asks for what the look could not read, or AWS did not let
 * the tags be read, of the resource or of what it stands in: there one may say that nothing be done.
 */
export async function undecidable(
  drive: Drive,
  ruling: Ruling,
  seen: SeenByRules,
): Promise<string | undefined> {
  const { tags, unreadPlaces = [] } = seen
  const isDenied = tags !== undefined && isUnreadable(tags) && !tags.onlyIfAsked
  if (ruling.mode !== 'undecided' && !isDenied && unreadPlaces.length === 0) return undefined
  // Few runs are: the words for it are loaded with the first.
  const { whyUndecided } = await import('../tags/why-undecided.ts')
  return whyUndecided(drive, ruling, seen)
}

/** What the ruling permits this run, given what was asked for; `mode` is what is shown of it. */
export function permitOf(drive: Drive, ruling: Ruling): { permit: Permit; mode: Mode; reason: string } {
  const { run, policy } = drive
  if (ruling.mode === 'undecided') {
    return { permit: 'blocked', mode: 'off', reason: 'cannot evaluate policy: tags were not read' }
  }
  const { mode: permit, reason } = ruling
  const mode = modeOf(permit)
  if (run.undoOf) return { permit, mode, reason }
  if (policy.kind === 'none' && run.intent === 'apply') return { permit: 'blocked', mode, reason }
  const acts = permit === 'auto' || permit === 'approve'
  if (run.intent === 'rehearse' && acts) return { permit: 'rehearse', mode: 'rehearse', reason }
  return { permit, mode, reason }
}

/** The mode to show for a permit: what the policy lets this run do. */
export function modeOf(permit: Permit): Mode {
  return permit === 'exempted' || permit === 'blocked' ? 'off' : permit
}

/** The run's parameters, checked and completed by the playbook's own schema; undefined when they are what they were. */
export function parametersOf({ run, playbook }: Drive, ruling: Ruling): Json | undefined {
  if (run.undoOf) return undefined
  const parameters = playbook.parameters.parse(ruling.parameters) as Json
  const isSame = run.parameters !== null && sameJson(parameters, run.parameters)
  return isSame ? undefined : parameters
}
