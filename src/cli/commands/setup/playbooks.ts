import type { Command } from 'commander'
import { playbookJson } from '../../../reports/playbook/playbook-json.ts'
import { playbooksTable, playbookText } from '../../../reports/playbook/playbook-text.ts'
import { loadWholePlaybooks, playbookCalled } from '../../program/catalogue.ts'
import type { Invocation } from '../../program/invocation.ts'

const EXAMPLES = `
Examples:
  rectify playbooks
  rectify playbooks ec2-close-open-ingress`

/** `rectify playbooks [ID]`: what there is, or all about one. No AWS. */
export function playbooks(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(async (id?: string) => {
    const { output } = invocation
    const all = await loadWholePlaybooks(invocation)
    const shown = (id === undefined ? all : [playbookCalled(id, all)]).map(playbookJson)
    output.result({ playbooks: shown }, () =>
      id === undefined
        ? playbooksTable(shown, output.paint)
        : shown.map((one) => playbookText(one, output.paint)).join('\n\n'),
    )
  })
}
