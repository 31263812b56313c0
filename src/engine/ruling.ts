import type { Permit } from '../../state-machines/remediation.ts'
import { type Json, sameJson } from '../playbook/json.ts'
import { wildcard } from '../playbook/matchers.ts'
import type { Mode, Tags } from '../playbook/playbook.ts'
import { DEFAULT_APPROVAL } from '../policy/approvers.ts'
import { decide, STRICTNESS, strictest } from '../policy/decide.ts'
import type { LoadedPolicy, Ruling } from '../policy/policy.ts'
import type { Session } from './session.ts'

/** A decision that is made again may only become stricter. */
export function stricter(a: Permit, b: Permit): Permit {
  return STRICTNESS.indexOf(a) <= STRICTNESS.indexOf(b) ? a : b
}

/**
 * The policy's word on a run, the strictest over its findings; it is noted in the run. `tags: 'unread'` before the first
 * look.
 */
export function rule(session: Session, tags: Tags | 'unread'): Ruling {
  const ruling = session.run.undoOf ? undoRuling(session) : rulingOf(session, tags)
  session.run.ruling = { mode: ruling.mode, reason: ruling.reason }
  return ruling
}

function rulingOf({ run, policy, ports }: Session, tags: Tags | 'unread'): Ruling {
  const { resource, target } = run
  return strictest(
    run.findings.map(({ source, type, severity }) =>
      decide(
        policy,
        {
          playbook: run.playbook,
          source,
          type,
          severity,
          account: run.account,
          region: run.region,
          resource: { arn: resource, id: target.id },
          tags,
        },
        ports.clock.now(),
      ),
    ),
  )
}

/** An undo needs no rule, only a person's word; an expiry was approved together with the block. `never` holds both. */
function undoRuling({ run, policy }: Session): Ruling {
  const base = {
    parameters: run.parameters as Record<string, unknown>,
    approval: run.approval ?? DEFAULT_APPROVAL,
  }
  if (neverTouch(policy, run.resource, run.target.id)) {
    return { ...base, mode: 'blocked', reason: 'never: the policy forbids any change of this resource' }
  }
  return run.expiry
    ? { ...base, mode: 'auto', reason: 'expiry, approved together with the block' }
    : { ...base, mode: 'approve', reason: 'an undo opens again what was closed: a person confirms it' }
}

function neverTouch(policy: LoadedPolicy, arn: string, id: string): boolean {
  return (
    policy.kind === 'file' &&
    policy.policy.never.resources.some((pattern) => wildcard(pattern, arn) || wildcard(pattern, id))
  )
}

/** What the ruling permits this run, given what was asked for; `mode` is what is shown of it. */
export function permitOf(session: Session, ruling: Ruling): { permit: Permit; mode: Mode; reason: string } {
  const { run, policy } = session
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

/** The run's parameters, checked and completed by the playbook's own schema; true when they changed. */
export function takeParameters(session: Session, ruling: Ruling): boolean {
  const { run, playbook } = session
  if (run.undoOf) return false
  const parameters = playbook.parameters.parse(ruling.parameters) as Json
  const changed = !sameJson(parameters, run.parameters)
  run.parameters = parameters
  return changed
}
