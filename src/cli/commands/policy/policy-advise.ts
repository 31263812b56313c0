import { Command, Option } from 'commander'
import type { Invocation } from '../../program/invocation.ts'

const EXAMPLES = `
Examples:
  rectify policy advise                                the local runs, under ./rectify.yaml
  rectify policy advise --stack prod --policy rectify.yaml
  rectify policy advise --stack prod --patch | git apply

From rehearse to approve, from approve to auto, or back: what each takes stands in the policy file, by default
  advise:
    approveAfter: { rehearsals: 10, within: 30d }
    autoAfter: { rehearsals: 20, approvals: 10, undone: 0, declined: 0, within: 30d }
    backBeyond: { undone: 0, declined: 2, unverified: 2, rolledBack: 0, failed: 2, within: 30d }
A rehearsal counts when all checks of every call allow it: one that cannot tell, as of a resource with a policy of its own,
counts as not checkable. What was approved and done counts as rehearsed, too. Where steps cannot be undone, or plans ask for
a person's look, nothing beyond approve is advised. The file is never changed by this command.`

/** `rectify policy advise`: where the runs speak for another mode, and the change as a patch. No AWS but the table. */
export function policyAdvise(invocation: Invocation): Command {
  return new Command('advise')
    .description('say where stored runs speak for letting go, or for going back, and print that as a patch')
    .addOption(new Option('--patch', 'print the patch alone'))
    .addHelpText('after', EXAMPLES)
    .action(async ({ patch }: { patch?: true }) => {
      const { output } = invocation
      // The other commands of policy need nothing of it.
      const { adviceHere, adviseJson, adviseText, byHandText } = await import(
        '../../history/policy-advice.ts'
      )
      const advised = await adviceHere(invocation)
      const { proposed, isCut } = advised
      if (isCut) output.note('there are more runs than were read: nothing is let go by a part of them')
      if (patch) for (const { proposal, why } of proposed.byHand) output.note(byHandText(proposal, why))
      if (patch && proposed.patch === '') output.note('nothing to patch')
      output.result(adviseJson(advised), () => (patch ? proposed.patch : adviseText(advised, output.paint)))
    })
}
