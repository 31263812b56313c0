import { SOURCE_NAMES } from '../../src/findings/sources/source-names.ts'
import { CONDITIONS, type Matcher } from '../../src/playbook/matchers.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

/** README's table of playbooks. */
export function playbookTable(playbooks: readonly AnyPlaybook[]): string {
  const rows = playbooks.map(
    ({ id, title, answers, suggestedMode }) =>
      `| \`${id}\` | ${title} | ${answers.map(answered).join('; ')} | \`${suggestedMode}\` |`,
  )
  return ['| playbook | does | answers | proposed mode |', '|---|---|---|---|', ...rows].join('\n')
}

function answered({ source, types, only }: Matcher): string {
  const shown = types.map((type) =>
    type.startsWith('item:') ? `changes of \`${type.slice('item:'.length)}\`` : `\`${type}\``,
  )
  return `${called(source)} ${shown.join(', ')}${only ? ` (${CONDITIONS[only]})` : ''}`
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

const called = (source: Matcher['source']): string => (source === 'manual' ? source : SOURCE_NAMES[source])
