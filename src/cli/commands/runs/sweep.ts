import { type Command, Option } from 'commander'
import type { Report } from '../../../engine/ports.ts'
import { pausesJson, tellPaused } from '../../pausing.ts'
import type { Invocation } from '../../program/invocation.ts'
import { onStoredRuns, type Where } from '../../stored-runs.ts'

const EXAMPLES = `
Examples:
  rectify sweep
  rectify sweep --detectors         then asks AWS Config, Security Hub, GuardDuty, Access Analyzer and Inspector
                                    what is still open here, and puts right what no run answers, as apply does
  rectify sweep --stack prod        wakes what is due there; its sweeper does so every five minutes
  */5 * * * *  cd /srv/rectify && rectify sweep --json >> sweep.jsonl     (crontab)`

/**
 * `rectify sweep`: resumes interrupted runs, wakes overdue waits, expires time-boxed blocks; with `--detectors` also what
 * events missed.
 */
export function sweep(command: Command, invocation: Invocation): void {
  command
    .addOption(new Option('--detectors', 'then ask the detectors what is still open, and put it right'))
    .addHelpText('after', EXAMPLES)
    .action(async ({ detectors = false }: { detectors?: boolean }) => {
      if (!detectors) return onStoredRuns(invocation, 'sweep', (where) => swept(invocation, where))
      const { sweepWithDetectors } = await import('../../sweep-with-detectors.ts')
      return sweepWithDetectors(invocation)
    })
}

async function swept(invocation: Invocation, { engine, store }: Where): Promise<Report & { more: object }> {
  const pauses = await store.allControls()
  tellPaused(pauses, invocation)
  return { ...(await engine.sweep()), more: pausesJson(pauses) }
}
