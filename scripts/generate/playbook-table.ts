import { SOURCE_NAMES } from '../../src/findings/sources/source-names.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

/** README's table of playbooks. */
export function playbookTable(playbooks: readonly AnyPlaybook[]): string {
  const rows = playbooks.map(
    ({ id, title, suggestedMode }) =>
      `| [\`${id}\`](docs/playbooks/${id}.md) | ${title} | \`${suggestedMode}\` |`,
  )
  return ['| playbook | does | proposed mode |', '|---|---|---|', ...rows].join('\n')
}

/** README's table of detectors: which are read, and which of them some playbook answers. */
export function sourceTable(playbooks: readonly AnyPlaybook[]): string {
  const rows = Object.entries(SOURCE_NAMES).map(([source, name]) => {
    const answering = playbooks.filter(({ answers }) => answers.some((each) => each.source === source))
    const ids = answering.map(({ id }) => `\`${id}\``)
    return `| ${name} | \`${source}\` | ${ids.length > 0 ? ids.join(', ') : 'none'} |`
  })
  return ['| detector that is read | `source` | playbooks that answer it |', '|---|---|---|', ...rows].join(
    '\n',
  )
}
