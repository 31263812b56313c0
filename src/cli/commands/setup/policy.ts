import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import { casesJsonSchema } from '../../../policy/cases/cases-json-schema.ts'
import { findPolicy } from '../../../policy/file/find.ts'
import { policyJsonSchema } from '../../../policy/file/json-schema.ts'
import { loadPolicy } from '../../../policy/file/load.ts'
import { problemText } from '../../../policy/file/policy-error.ts'
import { notesOn } from '../../../policy/notes.ts'
import { loadPlaybooks, loadWholePlaybooks } from '../../program/catalogue.ts'
import type { Invocation } from '../../program/invocation.ts'
import { policyAdvise } from '../policy/policy-advise.ts'
import { policyDiff } from '../policy/policy-diff.ts'
import { policyTest } from '../policy/policy-test.ts'
import { explain } from './policy-explain.ts'

const EXAMPLES = `
Examples:
  rectify policy check
  rectify policy check policies/production.yaml
  rectify policy explain event.json
  rectify policy test rectify.test.yaml
  rectify policy diff old.yaml rectify.yaml --events events/ --forbid raise
  rectify policy advise --stack prod --patch | git apply
  rectify policy schema > rectify.schema.json`

const SCHEMA_EXAMPLES = `
Examples:
  rectify policy schema > rectify.schema.json
  rectify policy schema --tests > rectify.test.schema.json

Editors with the YAML language server check a file as you write by a first line of this form, from where the file is:
  # yaml-language-server: $schema=rectify.schema.json`

/** `rectify policy check [FILE]`, `explain EVENT...`, `test FILE...`, `diff OLD NEW`, `advise` and `schema`. No AWS but the table of a stack. */
export function policy(command: Command, invocation: Invocation): void {
  command
    .addCommand(check(invocation))
    .addCommand(explain(invocation))
    .addCommand(policyTest(invocation))
    .addCommand(policyDiff(invocation))
    .addCommand(policyAdvise(invocation))
    .addCommand(schema(invocation))
    .addHelpText('after', EXAMPLES)
}

function check(invocation: Invocation): Command {
  return new Command('check')
    .description('check a policy file; every problem is named with its line')
    .argument('[file]', 'the policy file (default: --policy, RECTIFY_POLICY, ./rectify.yaml)')
    .addHelpText('after', EXAMPLES)
    .action(async (named?: string) => {
      const { env, cwd, shared, output } = invocation
      const found =
        named === undefined ? findPolicy({ named: shared.policy, env, cwd }) : { file: resolve(cwd, named) }
      if (!found) throw new BadRequest('policy', 'no policy file here; rectify init writes one')
      // Whose `playbooks:` counts.
      shared.policy = found.file
      const playbooks = await loadPlaybooks(invocation)
      const { file, policy } = await loadPolicy(found.file, playbooks)
      const { rules, exemptions, freezes, never } = policy
      const counts = {
        rules: rules.length,
        exemptions: exemptions.length,
        freezes: freezes.length,
        never: Object.values(never).flat().length,
      }
      const notes = notesOn(policy, playbooks, Date.now())
      output.result({ ok: true, file, ...counts, notes }, () =>
        [
          `${output.paint.come('ok')} ${file}: rules ${counts.rules}, exemptions ${counts.exemptions}, freezes ${counts.freezes}, never ${counts.never}`,
          ...notes.map((note) => `${output.paint.warn('note')} ${problemText(file, note)}`),
        ].join('\n'),
      )
    })
}

function schema(invocation: Invocation): Command {
  return new Command('schema')
    .description('print the JSON Schema of the policy file, for editors')
    .addOption(new Option('--tests', 'of the files that policy test takes'))
    .addHelpText('after', SCHEMA_EXAMPLES)
    .action(async ({ tests }: { tests?: true }) => {
      const playbooks = await loadWholePlaybooks(invocation)
      const document = tests ? casesJsonSchema(playbooks) : policyJsonSchema(playbooks)
      invocation.output.result(document, () => JSON.stringify(document, null, 2))
    })
}
