import { dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import { readCases } from '../../../policy/cases/load-cases.ts'
import { findPolicy } from '../../../policy/file/find.ts'
import { caseResult } from '../../../reports/policy/case-result.ts'
import { casesJunit } from '../../../reports/policy/cases-junit.ts'
import { casesText, type TriedFile, triedOf } from '../../../reports/policy/cases-text.ts'
import { openCases } from '../../input/case-events.ts'
import { policyNamed } from '../../input/policy-named.ts'
import { filesIn } from '../../input/selection.ts'
import type { Invocation } from '../../program/invocation.ts'
import { reportFiles, writeReport } from '../../report-files.ts'

const EXAMPLES = `
Examples:
  rectify policy test rectify.test.yaml
  rectify policy test policies/*.test.yaml --junit report.xml
  rectify policy test rectify.test.yaml --policy new.yaml       the same cases under another policy

A file of cases (rectify policy schema --tests prints its JSON Schema for editors):
  version: 1
  policy: rectify.yaml                                  # from where this file is
  cases:
    - name: production asks before a port is closed
      finding: { source: config, type: INCOMING_SSH_DISABLED, resource: sg-0123456789abcdef0 }
      with: { tags: { environment: prod } }             # what a look at the resource would give
      expect: { playbook: ec2-close-open-ingress, mode: approve, rule: 1 }
    - name: what GuardDuty has archived is left alone
      event: events/archived.json                       # or the event itself
      expect: { ignored: archived }`

/** `rectify policy test FILE...`: whether a policy decides as expected, by what decides everywhere. No AWS. */
export function policyTest(invocation: Invocation): Command {
  return new Command('test')
    .description('try cases, findings and what should be decided about them, on the policy')
    .argument('<file...>', 'files of cases')
    .addOption(new Option('--junit <file>', 'also write the results there, as XML for CI'))
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], { junit }: { junit?: string }) => {
      const { cwd, output } = invocation
      const files: TriedFile[] = []
      const read = [...names]
      for (const name of names) {
        const { events, ...file } = await tried(name, invocation)
        files.push(file)
        read.push(file.policy, ...events)
      }
      const all = triedOf(files)
      const report = reportFiles(cwd, junit === undefined ? {} : { junit }, read)
      if (report.junit) await writeReport(report.junit, casesJunit(all))
      output.result(all, () => casesText(all, output.paint))
      invocation.status = all.ok ? 0 : 1
    })
}

/** What came of a file of cases, and the events that they name. */
async function tried(name: string, invocation: Invocation): Promise<TriedFile & { events: string[] }> {
  const { cwd, env, shared, output } = invocation
  const read = readCases(resolve(cwd, name))
  // Who names a policy on the command line wants to know what becomes of the cases under it.
  const named = shared.policy ?? (read.policy && resolve(dirname(read.file), read.policy))
  const found = findPolicy({ named, env, cwd })
  if (!found) {
    const advice = 'name one in it (policy: rectify.yaml), or by --policy'
    throw new BadRequest('policy', `${name}: no policy file to try these cases on; ${advice}`)
  }
  const { policy, playbooks } = await policyNamed(found.file, invocation)
  const open = await openCases(read, policy, playbooks, (line) => output.note(line))
  const cases = open.map(({ one, triaged }) => caseResult(one, triaged, policy))
  const events = open.flatMap(({ one: { event } }) =>
    typeof event === 'string' ? resolve(dirname(read.file), event) : [],
  )
  return { file: name, policy: found.file, cases, events: filesIn(events, invocation) }
}
