import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Rejection } from '../../../findings/finding.ts'
import { policyComparison } from '../../../reports/policy/policy-changes.ts'
import { policyChangesText } from '../../../reports/policy/policy-changes-text.ts'
import { inputs, passingEvents } from '../../input/events-input.ts'
import { policyNamed } from '../../input/policy-named.ts'
import { stdinOf } from '../../input/selection.ts'
import { SeenResults } from '../../lines/seen-results.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation } from '../../program/invocation.ts'

const EXAMPLES = `
Examples:
  rectify policy diff old.yaml rectify.yaml --events events/
  rectify policy diff old.yaml rectify.yaml --events scan.ocsf.json --forbid raise
  git show main:rectify.yaml > old.yaml                        the old one of a repository

A mode is raised where it lets more be done: blocked, exempted, off, notify, rehearse, approve, auto. What only a look
at a resource tells (tags, its name) is tried in every way that the two policies can tell apart; a raise in one of them
counts. What holds back whatever rules decide (never, exemptions, freezes, limits, protect, and who people are) is compared
as it is written. With --forbid raise the exit status is 1 where a mode is raised or one of these is loosened.`

interface Options {
  events: string[]
  forbid?: 'raise'
}

/** Of what could not be read, so many are shown; all count for the exit status. */
const MOST_SHOWN = 50

/** `rectify policy diff OLD NEW --events PATH...`: what would be decided otherwise, over events, and held back otherwise. No AWS. */
export function policyDiff(invocation: Invocation): Command {
  return new Command('diff')
    .description('what a new policy decides otherwise than an old one, over events')
    .argument('<old>', 'the policy file of before')
    .argument('<new>', 'the policy file that is to be')
    .addOption(
      new Option(
        '--events <path...>',
        'files or folders of events, or - for stdin, as triage takes them',
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--forbid <what>',
        'exit status 1 when a mode is raised, or possibly is, or a guard is loosened',
      ).choices(['raise']),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (old: string, next: string, { events, forbid }: Options) => {
      const { cwd, output } = invocation
      const from = await policyNamed(resolve(cwd, old), invocation)
      const to = await policyNamed(resolve(cwd, next), invocation)
      const comparison = policyComparison(from, to, Date.now())
      const seen = new SeenResults()
      const rejected: Rejection[] = []
      const options = { cwd, stdin: stdinOf(output), note: (line: string) => output.note(line) }
      for (const input of inputs(events, options)) {
        for await (const results of passingEvents(input)) {
          seen.add(results)
          for (const each of results) {
            each.findings.forEach(comparison.add)
            rejected.push(...each.rejected.slice(0, MOST_SHOWN - rejected.length))
          }
        }
      }
      const changes = comparison.result()
      output.result({ old: from.policy.file, new: to.policy.file, ...changes, rejected }, () =>
        policyChangesText(changes, rejected, output.paint),
      )
      const isLoosened = changes.guards.some(({ change }) => change === 'loosened')
      const isForbidden = forbid === 'raise' && (changes.raised > 0 || isLoosened)
      const unread = [...seen.unread].map((code) => ({ code }))
      invocation.status = isForbidden ? 1 : exitStatus('triage', { runs: [], rejected: unread })
    })
}
