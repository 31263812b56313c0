import type { Report } from '../../engine/ports.ts'
import type { Finding, Rejection } from '../../findings/finding.ts'
import type { Plan } from '../../playbook/plan.ts'
import { mergeOf } from '../../playbook/step.ts'
import type { Card } from '../../run/card.ts'
import { wayOf } from '../../run/identity.ts'
import { incidentOf } from '../../run/incident.ts'
import type { AuditEntry, Decision, Run, StepResult } from '../../run/run.ts'
import type { TimeBox } from '../../run/store.ts'
import type { ToldEnd } from '../../run/told-detector.ts'
import { toldJson, warningsOf } from './told-text.ts'

/** What `runs ID` shows beside the run itself. */
export interface Full {
  audit: AuditEntry[]
  /** Time-boxed entries that the run holds, each until its end. */
  timeBoxes: TimeBox[]
  /** The card in Slack on which it stands; undefined where there is none. */
  card?: Card | undefined
}

/** What detectors have been told of the runs that are shown, by run. */
export type ToldOfRuns = ReadonlyMap<string, readonly ToldEnd[]>

/**
 * A run as `--json` shows it: the pinned fields, all of them, `null` where there is nothing. How the engine keeps a
 * run (machine snapshot, revision, target) is not shown. With `full`, also what was found, what is held
 * until when, who approved, and what happened when.
 */
export function runJson(run: Run, full?: Full, told: readonly ToldEnd[] = []) {
  const warnings = warningsOf(run, told)
  return {
    run: run.id,
    undoOf: run.undoOf ?? null,
    findings: run.findings.map(({ id }) => id),
    playbook: run.playbook,
    resource: run.resource,
    key: run.key,
    name: run.name ?? null,
    account: run.account,
    region: run.region,
    mode: run.mode,
    state: run.state,
    waitingFor: run.waitingFor ?? null,
    ...(run.heldBy && { heldBy: run.heldBy }),
    ...(run.wouldHold && { wouldHold: run.wouldHold }),
    ...(run.traffic && { traffic: run.traffic }),
    outcome: run.outcome,
    reason: run.reason,
    ruling: run.ruling ?? null,
    ...(run.tagChange && { tagChange: run.tagChange }),
    ...(run.policyVersion && { policyVersion: run.policyVersion }),
    plan: run.plan && planJson(run.plan),
    ...(run.advice && { advice: run.advice }),
    ...(run.twin && { twin: run.twin }),
    results: run.results.map(resultJson),
    startedAt: run.startedAt,
    endedAt: run.endedAt ?? null,
    verifiedAt: run.verifiedAt ?? null,
    undoneBy: run.undoneBy ?? null,
    incident: incidentOf(run) ?? null,
    ...(warnings.length > 0 && { warnings }),
    ...((full || told.length > 0) && { told: told.map(toldJson) }),
    ...(full && {
      about: run.findings.map(findingJson),
      holds: full.timeBoxes.map(({ entry, until }) => ({ entry, until: new Date(until).toISOString() })),
      approvals: run.decisions.map(decisionJson),
      card: full.card?.ts === undefined ? null : { channel: full.card.channel, ts: full.card.ts },
      audit: full.audit,
    }),
  }
}

/** Who decided what, by which way. */
function decisionJson({ by, person, at, verdict, hash, ...more }: Decision) {
  return { by, person: person ?? null, via: wayOf(by), at, verdict, hash, ...more }
}

/** What the detector said. */
function findingJson({ id, source, type, title, severity, observedAt, resources }: Finding) {
  return { id, source, type, title, severity, observedAt, resources }
}

/** The one document of every command that gives runs. */
export function reportJson(report: Report, rejected: Rejection[], told?: ToldOfRuns) {
  return {
    runs: report.runs.map((run) => runJson(run, undefined, told?.get(run.id))),
    ignored: report.ignored,
    rejected,
  }
}

function planJson({ hash, steps, before, after, impact, warnings, managedBy, unproven }: Plan) {
  return {
    hash,
    steps: steps.map((step) => ({
      id: step.id,
      summary: step.summary,
      call: step.call,
      merge: mergeOf(step) ?? null,
      undo: step.undo,
      permissions: step.permissions,
    })),
    before,
    after,
    impact,
    warnings,
    ...(managedBy !== undefined && { managedBy }),
    ...(unproven !== undefined && { unproven }),
  }
}

function resultJson({ step, status, by, knownBy, error, missing, why }: StepResult) {
  return {
    step,
    status,
    by: by ?? null,
    evidence: knownBy ?? null,
    error: error
      ? {
          name: error.name,
          code: error.code,
          action: error.action ?? null,
          principal: error.principal ?? null,
          message: error.message ?? null,
        }
      : null,
    ...(missing !== undefined && { missing }),
    ...(why !== undefined && { why }),
  }
}
