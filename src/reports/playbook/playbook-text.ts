import type { Json } from '../../playbook/json.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import { columns } from '../columns.ts'
import type { Paint } from '../paint.ts'

/** What of a playbook is shown. */
export type ShownPlaybook = Pick<
  AnyPlaybook,
  'id' | 'title' | 'resource' | 'suggestedMode' | 'answers' | 'reads' | 'writes' | 'tagsOf'
> & { parameters: Record<string, Json>; parameterDescriptions: Record<string, string> }

/** One line per playbook. */
export function playbooksTable(playbooks: ShownPlaybook[], paint: Paint): string {
  const head = ['PLAYBOOK', 'SUGGESTED', 'RESOURCE', 'DOES'].map(paint.faint)
  const rows = playbooks.map(({ id, suggestedMode, resource, title }) => [
    paint.strong(id),
    suggestedMode,
    resource,
    title,
  ])
  return columns([head, ...rows]).join('\n')
}

/** All about one playbook. */
export function playbookText(playbook: ShownPlaybook, paint: Paint): string {
  const { id, title, resource, suggestedMode, answers, parameters, reads, writes, tagsOf } = playbook
  const parts: [string, string[]][] = [
    ['answers', answers.flatMap(({ source, types }) => types.map((type) => `${source}  ${type}`))],
    [
      'parameters (defaults)',
      columns(
        Object.entries(parameters).map(([name, value]) => [
          `${name}: ${JSON.stringify(value)}`,
          paint.faint(playbook.parameterDescriptions[name] ?? ''),
        ]),
      ),
    ],
    ['reads', reads],
    ['writes', writes.map((write) => `${write.action}  ${write.resource}`)],
  ]
  return [
    `${paint.strong(id)}  ${title}`,
    `  resource ${resource}, suggested mode ${suggestedMode}`,
    `  rules about tags ask for those of ${typeof tagsOf === 'string' ? tagsOf : `nothing: ${tagsOf.none}`}`,
    ...parts.flatMap(([name, lines]) =>
      lines.length ? ['', `  ${paint.strong(name)}`, ...lines.map((line) => `    ${line}`)] : [],
    ),
  ].join('\n')
}
