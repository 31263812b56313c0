import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

/**
 * What an event pattern asks of calls that CloudTrail tells of: those that a playbook answers. Services and names are two
 * lists, because a pattern takes 2,048 characters (EventBridge quotas, "Event pattern size"): a call of one service that
 * is called as the call of another comes in as well, and nobody answers it.
 */
export function callPattern(playbooks: readonly Pick<AnyPlaybook, 'answers'>[]): string {
  const types = playbooks.flatMap(({ answers }) =>
    answers.flatMap(({ source, types }) => (source === 'cloudtrail' ? types : [])),
  )
  const unsaid = types.find((type) => type.includes('*'))
  if (unsaid !== undefined) throw new Error(`rules of EventBridge name calls, and cannot say "${unsaid}"`)
  const parts = types.map((type) => type.split(':'))
  const list = (names: (string | undefined)[], indent: string) =>
    [...new Set(names)].sort().map((name) => `${indent}- ${name}`)
  return [
    '        source:',
    ...list(
      parts.map(([service]) => `aws.${service}`),
      '          ',
    ),
    '        detail-type: [AWS API Call via CloudTrail]',
    '        detail:',
    '          eventName:',
    ...list(
      parts.map(([, call]) => call),
      '            ',
    ),
  ].join('\n')
}
