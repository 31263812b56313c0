import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

/** Which calls EventBridge is asked for. */
export interface CallPattern {
  source: string[]
  eventName: string[]
}

/**
 * The calls that playbooks answer, as EventBridge tells of them: by services and by names. A name of one service that is
 * asked for of another is none that there is, or is answered by nobody.
 */
export function callPattern(playbooks: readonly AnyPlaybook[]): CallPattern {
  const calls = playbooks.flatMap(({ answers }) =>
    answers.flatMap(({ source, types }) => (source === 'cloudtrail' ? types : [])),
  )
  const parts = calls.map((call) => call.split(':') as [service: string, name: string])
  return {
    source: sorted(parts.map(([service]) => `aws.${service}`)),
    eventName: sorted(parts.map(([, name]) => name)),
  }
}

/** The same as YAML; `indent` in front of each line but what `first` puts in front of the first one. */
export function callPatternYaml(playbooks: readonly AnyPlaybook[], indent: string, first: string): string {
  const { source, eventName } = callPattern(playbooks)
  return [
    `${first}source:`,
    ...listed(source, `${indent}  `),
    `${indent}detail-type: [AWS API Call via CloudTrail]`,
    `${indent}detail:`,
    `${indent}  eventName:`,
    ...listed(eventName, `${indent}    `),
  ].join('\n')
}

const listed = (items: readonly string[], indent: string): string[] =>
  items.map((item) => `${indent}- ${item}`)
const sorted = (items: readonly string[]): string[] => [...new Set(items)].sort()
