import { DETECTORS } from '../detectors/all-detectors.ts'
import { type Asked, askDetectors, type Turn } from '../engine/asking/ask.ts'
import type { Report } from '../engine/ports.ts'
import { BadRequest } from '../engine/refusals.ts'
import { systemClock } from '../engine/system.ts'
import type { Rejection } from '../findings/finding.ts'
import { hashOf } from '../playbook/json.ts'
import { visible } from '../reports/paint.ts'
import { runText } from '../reports/run/run-text.ts'
import { lookUpPolicy } from './input/policy-lookup.ts'
import { type Pause, pausesJson, tellPaused } from './pausing.ts'
import { loadPlaybooks, titlesOf } from './program/catalogue.ts'
import { openEngine } from './program/context.ts'
import { callersPlace, regionOf } from './program/environment.ts'
import type { Invocation } from './program/invocation.ts'
import { sameWay } from './program/same-way.ts'
import { showRuns } from './show-runs.ts'
import { tellDetectors } from './tell-detectors.ts'

/** A turn is handed on as a whole, so that what several detectors say of a resource is one run; there may be several. */
const MOST = { perTurn: 500, perDay: 5_000 }

/** What all turns came to. */
interface Found {
  reports: Report[]
  rejected: Rejection[]
  asked: Asked[]
}

/**
 * `rectify sweep --detectors`: sweeps, then asks the detectors of the caller's account and region, with the caller's
 * credentials, and applies what they say is still open. A detector that could not be asked is a warning; what the others
 * said is done all the same.
 */
export async function sweepWithDetectors(invocation: Invocation): Promise<void> {
  const { output, shared } = invocation
  if (shared.stack !== undefined) {
    const advice = 'a deployment asks by itself, once a day (parameter AskDetectors)'
    throw new BadRequest('usage', `sweep --detectors works on this machine and takes no --stack; ${advice}`)
  }
  const playbooks = await loadPlaybooks(invocation)
  const policy = await lookUpPolicy(invocation, playbooks)
  const { engine, aws, store, late, close } = await openEngine(
    invocation,
    playbooks,
    policy,
    regionOf(invocation),
  )
  try {
    const pauses = await store.allControls()
    tellPaused(pauses, invocation)
    const place = await callersPlace(invocation, await aws.identity())
    const found: Found = { reports: [await engine.sweep()], rejected: [], asked: [] }
    const asking = {
      detectors: DETECTORS,
      places: [place],
      bookmark: `detectors ${place.account} ${place.region}`,
      most: MOST,
      isWanted: true,
      policy: hashOf(policy.kind === 'file' ? policy.policy : null),
      onCall: ({ title, calls, findings }: Asked) =>
        output.status(`asking ${title}: ${calls} calls, ${findings} open findings`),
    }
    const handOn = async (turn: Turn) => {
      output.status('')
      tell(turn, invocation)
      found.rejected.push(...turn.rejected)
      found.asked.push(...turn.asked)
      if (turn.findings.length > 0) found.reports.push(await engine.handle(turn.findings, 'apply'))
    }
    while ((await askDetectors({ aws, store, clock: systemClock }, asking, handOn))?.isPartly);
    const titles = titlesOf(playbooks)
    const what = shown(found, pauses)
    const told = await tellDetectors(invocation, { store, late }, what.report.runs)
    showRuns(invocation, 'sweep', { ...what, told }, (run, ends) =>
      runText(run, titles[run.playbook] ?? run.playbook, output.paint, sameWay(invocation), ends),
    )
  } finally {
    await close()
  }
}

function shown(
  { reports, rejected, asked }: Found,
  pauses: readonly Pause[],
): Parameters<typeof showRuns>[2] {
  const runs = new Map(reports.flatMap((report) => report.runs).map((run) => [run.id, run]))
  return {
    report: { runs: [...runs.values()], ignored: reports.flatMap(({ ignored }) => ignored) },
    rejected,
    more: { asked, ...pausesJson(pauses) },
    unread: asked.filter(({ state }) => state === 'unread').length,
    isBrief: true,
  }
}

/** One line for each detector on stderr, whatever it answered. */
function tell({ asked, elsewhere }: Turn, { output }: Invocation): void {
  for (const { title, region, calls, findings, state, reason = '', action } of asked) {
    const where = `${title} in ${region}`
    const found = `${findings} open findings in ${calls} calls`
    if (state === 'off') output.note(`${where}: not enabled (${visible(reason)})`)
    else if (state === 'unread')
      output.note(
        output.notePaint.warn(`warning: ${where} could not be asked: ${action}: ${visible(reason)}`),
      )
    else output.note(`${where}: ${found}`)
  }
  if (elsewhere > 0) output.note(`${elsewhere} open findings of accounts that these credentials do not reach`)
}
