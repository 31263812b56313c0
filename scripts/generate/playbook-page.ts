import { SOURCE_NAMES } from '../../src/findings/sources/source-names.ts'
import { CONDITIONS, type Matcher } from '../../src/playbook/matchers.ts'
import { writePermissions } from '../../src/playbook/permissions.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { plain } from '../../src/reports/paint.ts'
import { playbookJson } from '../../src/reports/playbook/playbook-json.ts'
import { planText } from '../../src/reports/run/plan-text.ts'
import { runText } from '../../src/reports/run/run-text.ts'
import type { Run } from '../../src/run/run.ts'

/** The page of a playbook, from its definition and a run of its own test. */
export function playbookPage(playbook: AnyPlaybook, run: Run): string {
  const { id, kind, title, resource, about, suggestedMode, answers, property } = playbook
  if (!about) throw new Error(`${id} says nothing about its reasons: give it \`about\``)
  const where = property === undefined ? '' : ` In CloudFormation it is the property \`${property}\`.`
  return [
    `<!-- Written by \`npm run generate\` from playbooks/${id.replace('-', '/')}.ts. -->`,
    `# ${title}`,
    `\`${id}\`: ${KINDS[kind]}, for resources of type \`${resource}\`; proposed mode \`${suggestedMode}\`.${where}`,
    `## Why\n\n${about.risk}`,
    `## What it may break\n\n${about.breaks}`,
    `## Findings that it answers\n\n${answersTable(answers)}`,
    `## What it reads and changes\n\n${permissions(playbook)}`,
    ...parametersOf(playbook),
    `## A case\n\n${caseOf(playbook, run)}`,
  ]
    .join('\n\n')
    .concat('\n')
}

const KINDS: Record<AnyPlaybook['kind'], string> = {
  setting: 'sets values, and an undo sets those of before',
  advice: 'looks, and says what a person must do; it changes nothing',
  playbook: 'makes a plan of steps, each with its undo',
}

function answersTable(answers: readonly Matcher[]): string {
  const rows = answers.map(({ source, types, only }) => {
    const name = source === 'manual' ? source : SOURCE_NAMES[source]
    return `| ${name} | ${types.map((type) => `\`${type}\``).join(', ')}${only ? ` (${CONDITIONS[only]})` : ''} |`
  })
  return ['| detector | findings |', '|---|---|', ...rows].join('\n')
}

function permissions(playbook: AnyPlaybook): string {
  const { reads, optionalReads = [], tagsOf } = playbook
  const rows = [
    ...reads.map(
      (action) => `| reads | \`${action}\`${optionalReads.includes(action) ? ', where it may' : ''} | |`,
    ),
    ...writePermissions(playbook).map(
      ({ action, resource }) => `| changes | \`${action}\` | \`${resource}\` |`,
    ),
  ]
  const tags = `Rules about tags ask for those of ${typeof tagsOf === 'string' ? tagsOf : `nothing: ${tagsOf.none}`}.`
  return ['| | IAM action | on |', '|---|---|---|', ...rows, '', tags].join('\n')
}

function parametersOf(playbook: AnyPlaybook): string[] {
  const { parameters, parameterDescriptions } = playbookJson(playbook)
  const rows = Object.entries(parameters).map(
    ([name, value]) =>
      `| \`${name}\` | \`${JSON.stringify(value)}\` | ${parameterDescriptions[name] ?? ''} |`,
  )
  if (rows.length === 0) return []
  return [`## Parameters\n\n${['| parameter | default | |', '|---|---|---|', ...rows].join('\n')}`]
}

function caseOf({ title }: AnyPlaybook, run: Run): string {
  const shown = run.plan ? planText(run, title, plain) : runText(run, title, plain)
  const lines = shown.split('\n').filter((line) => !/^\s+run\s+\S+$/.test(line))
  return ['```text', ...lines.map((line) => line.trimEnd()), '```'].join('\n')
}
