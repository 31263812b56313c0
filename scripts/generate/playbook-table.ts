import type { Matcher } from '../../src/playbook/matchers.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

/** README's table of playbooks. */
export function playbookTable(playbooks: readonly AnyPlaybook[]): string {
  const rows = playbooks.map(
    ({ id, title, answers, suggestedMode }) =>
      `| \`${id}\` | ${title} | ${answers.map(answered).join('; ')} | \`${suggestedMode}\` |`,
  )
  return ['| playbook | does | answers | proposed mode |', '|---|---|---|---|', ...rows].join('\n')
}

const SOURCES: Record<string, string> = { config: 'Config', guardduty: 'GuardDuty' }

function answered({ source, types }: Matcher): string {
  const shown = types.map((type) =>
    type.startsWith('item:') ? `changes of \`${type.slice('item:'.length)}\`` : `\`${type}\``,
  )
  return `${SOURCES[source] ?? source} ${shown.join(', ')}`
}
