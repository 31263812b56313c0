import type { Invocation } from './invocation.ts'

/** Options that say whose runs these are and who asks: a command that is proposed is given them too. */
const SAME = ['stack', 'state', 'playbooks', 'profile', 'region', 'endpointUrl'] as const

/**
 * What to add to a proposed command so that it is about the same runs, as the same caller: ` --stack prod --profile ops`,
 * or nothing. Only what was said as an option; the environment says the rest again.
 */
export function sameWay({ shared }: Pick<Invocation, 'shared'>): string {
  return SAME.flatMap((name) => {
    const value = shared[name]
    return value === undefined
      ? []
      : [` --${name === 'endpointUrl' ? 'endpoint-url' : name} ${quoted(value)}`]
  }).join('')
}

/** A message in which each proposed command (between backticks) is about the same runs, as the same caller. */
export function alsoSameWay(message: string, invocation: Pick<Invocation, 'shared'>): string {
  const more = sameWay(invocation)
  return message.replaceAll(/`(rectify [^`]+)`/g, (_, command: string) => `\`${command}${more}\``)
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
