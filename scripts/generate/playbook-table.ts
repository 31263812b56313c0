import { SOURCE_NAMES } from '../../src/findings/sources/source-names.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

/** README's table of playbooks. */
export function playbookTable(playbooks: readonly AnyPlaybook[]): string {
  const sorted = playbooks.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const rows = sorted.map(
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
    return `| ${name} | \`${source}\` | ${countOrNames(ids)} |`
  })
  return ['| detector that is read | `source` | playbooks that answer it |', '|---|---|---|', ...rows].join(
    '\n',
  )
}

/** What is more than a line can hold is a number. */
const MOST_NAMED = 5

function countOrNames(ids: readonly string[]): string {
  if (ids.length === 0) return 'none'
  return ids.length > MOST_NAMED ? String(ids.length) : ids.join(', ')
}
