import type { Command } from 'commander'
import type { Invocation } from '../../program/invocation.ts'
import { onStoredRuns } from '../../stored-runs.ts'

const EXAMPLES = `
Examples:
  rectify sweep
  rectify sweep --stack prod        wakes what is due there; its sweeper does so every five minutes
  */5 * * * *  cd /srv/rectify && rectify sweep --json >> sweep.jsonl     (crontab)`

/** `rectify sweep`: resumes interrupted runs, wakes overdue waits, expires time-boxed blocks. */
export function sweep(command: Command, invocation: Invocation): void {
  command
    .addHelpText('after', EXAMPLES)
    .action(() => onStoredRuns(invocation, 'sweep', ({ engine }) => engine.sweep()))
}
