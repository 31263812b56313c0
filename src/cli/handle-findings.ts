import type { Intent, Report } from '../engine/ports.ts'
import type { Rejection } from '../findings/finding.ts'
import { loaded } from '../playbook/service/known-playbook.ts'
import type { ToldOfRuns } from '../reports/run/run-json.ts'
import { manualFinding } from './input/manual-finding.ts'
import { lookUpPolicy } from './input/policy-lookup.ts'
import { type Named, select } from './input/selection.ts'
import { tellPaused } from './pausing.ts'
import { loadPlaybooks, playbookCalled, titlesOf } from './program/catalogue.ts'
import { openEngine } from './program/context.ts'
import { callersPlace } from './program/environment.ts'
import type { Invocation } from './program/invocation.ts'
import { refuseStack } from './stack/stack.ts'
import { tellDetectors } from './tell-detectors.ts'

export interface Handled {
  report: Report
  rejected: Rejection[]
  /** Playbook id → title. */
  titles: Record<string, string>
  /** What detectors have been told of the runs. */
  told: ToldOfRuns
}

/** What `plan`, `rehearse` and `apply` have in common: read the events, check the policy, hand both to the engine. */
export async function handleFindings(
  invocation: Invocation,
  intent: Intent,
  events: string[],
  named: Named,
): Promise<Handled> {
  const { output, shared } = invocation
  refuseStack(invocation, intent)
  const playbooks = await loadPlaybooks(invocation)
  const { findings, rejected, only } = await select(invocation, events, named, playbooks)
  const policy = await lookUpPolicy(invocation, playbooks)
  const region = findings[0]?.region ?? only?.resource.split(':')[3]
  const { engine, aws, store, late, close } = await openEngine(invocation, playbooks, policy, region)
  const started = Date.now()
  if (findings.length > 1) output.note(`${intent}: ${findings.length} findings`)
  try {
    if (intent === 'apply') tellPaused(await store.allControls(), invocation)
    if (only) {
      const place = await callersPlace(invocation, await aws.identity(), only.resource)
      const playbook = await loaded(playbookCalled(only.playbook, playbooks))
      findings.push(manualFinding(playbook, only.resource, place, started))
    }
    const report = await engine.handle(findings, intent, {
      ...(intent !== 'apply' && shared.includeSamples && { includeSamples: true }),
      ...(only && { only }),
    })
    if (findings.length > 1) {
      output.status('')
      output.note(`${intent}: ${report.runs.length} runs in ${((Date.now() - started) / 1000).toFixed(1)} s`)
    }
    const told = await tellDetectors(invocation, { store, late }, report.runs)
    return { report, rejected, titles: titlesOf(playbooks), told }
  } finally {
    await close()
  }
}
