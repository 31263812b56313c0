import { type Command, Option } from 'commander'
import { DETECTORS } from '../../../detectors/all-detectors.ts'
import { CALENDAR_NEED } from '../../../engine/rails/calendars.ts'
import { TELL_NEEDS } from '../../../writeback/telling-needs.ts'
import { iamPolicy, type PolicyDocument } from '../../iam-policy.ts'
import { loadWholePlaybooks, playbookCalled } from '../../program/catalogue.ts'
import type { Invocation } from '../../program/invocation.ts'
import { operatorPolicy } from '../../stack/operator-policy.ts'

const EXAMPLES = `
Examples:
  rectify iam                                     for all playbooks
  rectify iam --read-only                         enough for plan; a rehearsal's dry runs are then denied
  rectify iam ec2-close-open-ingress --region eu-central-1 > policy.json
  rectify iam --detectors                         and for sweep --detectors
  rectify iam --tell --calendars                  and for what the policy has detectors told, and calendars asked
  rectify iam --operator --stack prod             for a person who uses all commands with --stack prod
  rectify iam --operator runs approve decline --stack prod`

interface IamOptions {
  operator?: boolean
  readOnly?: boolean
  detectors?: boolean
  tell?: boolean
  calendars?: boolean
}

/** The name that docs/operations.md gives a deployment. */
const USUAL_STACK = 'rectify'

/**
 * `rectify iam [PLAYBOOK...]`: the least-privilege policy document of the playbooks; with `--operator` that of a person
 * who uses a deployment. Always as JSON on stdout. No AWS.
 */
export function iam(command: Command, invocation: Invocation): void {
  command
    .addOption(new Option('--read-only', 'of the playbooks: only what looking and planning take'))
    .addOption(
      new Option('--operator', 'what a person needs for the commands with --stack').conflicts('readOnly'),
    )
    .addOption(new Option('--detectors', 'also what `sweep --detectors` asks').conflicts('operator'))
    .addOption(
      new Option('--tell', 'also telling detectors how a run ended (`tell` of the policy)').conflicts([
        'operator',
        'readOnly',
      ]),
    )
    .addOption(
      new Option('--calendars', 'also asking the Change Calendars of `freezes`').conflicts('operator'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], { operator, ...more }: IamOptions) => {
      const document = operator ? ofOperator(invocation, names) : await ofPlaybooks(invocation, names, more)
      invocation.output.result(document, () => JSON.stringify(document, null, 2))
    })
}

async function ofPlaybooks(
  invocation: Invocation,
  ids: string[],
  { readOnly = false, detectors = false, tell = false, calendars = false }: IamOptions,
): Promise<PolicyDocument> {
  const all = await loadWholePlaybooks(invocation)
  const chosen = ids.length === 0 ? all : ids.map((id) => playbookCalled(id, all))
  const asks = [
    ...(detectors ? DETECTORS.flatMap(({ needs }) => needs) : []),
    ...(calendars ? [CALENDAR_NEED] : []),
  ]
  return iamPolicy(chosen, invocation.shared.region, { readOnly, asks, tells: tell ? TELL_NEEDS : [] })
}

function ofOperator({ shared, output }: Invocation, commands: string[]): PolicyDocument {
  if (shared.stack === undefined)
    output.note(`for a stack that is called ${USUAL_STACK}; --stack names another one`)
  return operatorPolicy(shared.stack ?? USUAL_STACK, commands, shared.region)
}
