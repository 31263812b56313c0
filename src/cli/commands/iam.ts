import { Command, Option } from 'commander'
import { loadPlaybooks, playbookCalled } from '../catalogue.ts'
import { iamPolicy } from '../iam-policy.ts'
import type { Invocation } from '../invocation.ts'

const EXAMPLES = `
Examples:
  rectify iam                                     for all playbooks
  rectify iam --read-only                         enough for plan; a rehearsal's dry runs are then denied
  rectify iam ec2-close-open-ingress --region eu-central-1 > policy.json`

/** `rectify iam [PLAYBOOK...]`: the least-privilege policy document, always as JSON on stdout. No AWS. */
export function iam(invocation: Invocation): Command {
  return new Command('iam')
    .description('print the least-privilege IAM policy for these playbooks (default: all)')
    .argument('[playbook...]', 'ids of playbooks')
    .addOption(new Option('--read-only', 'only what looking and planning take'))
    .addHelpText('after', EXAMPLES)
    .action(async (ids: string[], { readOnly = false }: { readOnly?: boolean }) => {
      const all = await loadPlaybooks()
      const chosen = ids.length === 0 ? all : ids.map((id) => playbookCalled(id, all))
      const document = iamPolicy(chosen, invocation.shared.region, { readOnly })
      invocation.output.result(document, () => JSON.stringify(document, null, 2))
    })
}
