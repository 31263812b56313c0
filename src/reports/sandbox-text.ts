import { columns } from './columns.ts'
import type { Paint } from './paint.ts'

export interface SandboxReady {
  account: string
  env: Record<string, string>
  seeds: Record<string, string>
  /** What is deployed in it. */
  stack?: { name: string; outputs: Record<string, string> } | undefined
  /** The stand-in Slack that the stack asks people in. */
  slack?:
    | { api: string; page: string; token: string; signingSecret: string; workspace: string; channel: string }
    | undefined
  /** Whether it waits for a stack that somebody else deploys. */
  sam?: boolean | undefined
  /** Makes `rectify` a word of the shell, where it is none. */
  alias?: string | undefined
  /** What to type there, in this order. */
  tour: { command: string; about: string }[]
}

/** How to reach a sandbox, ready to be pasted into a shell, what is in it, and what to try. */
export function sandboxText(ready: SandboxReady, paint: Paint): string {
  const { account, env, seeds, stack, slack, sam, alias, tour } = ready
  return [
    `${paint.strong('AWS on this machine')}, account ${account}. In another terminal:`,
    '',
    ...(alias === undefined ? [] : [`  ${alias}`]),
    ...Object.entries(env).map(([name, value]) => `  export ${name}=${value}`),
    '',
    'In it:',
    ...columns(Object.entries(seeds)).map((line) => `  ${line}`),
    ...(stack ? ['', `Stack ${stack.name} (--stack ${stack.name}):`] : []),
    ...columns(Object.entries(stack?.outputs ?? {})).map((line) => `  ${line}`),
    ...(slack
      ? [
          '',
          `Slack, where a policy with \`channel: ${slack.channel}\` asks people (open it in a browser):`,
          `  ${slack.page}`,
          ...(sam ? slackSecrets(slack) : []),
        ]
      : []),
    ...(sam ? ['', 'Ready for a stack: sam build and sam deploy, as docs/operations.md says it.'] : []),
    '',
    'To try there, in this order (RUN is the id of a run that is shown):',
    ...tour.flatMap(({ command, about }) => [paint.faint(`  # ${about}`), `  ${command}`]),
    '',
    'Ctrl-C ends it.',
  ].join('\n')
}

/** What docs/slack.md has a reader put where the functions look for it, and where this Slack answers. */
function slackSecrets({ api, token, signingSecret }: NonNullable<SandboxReady['slack']>): string[] {
  return [
    'Its secrets, for docs/slack.md, and what its deployment is told besides:',
    ...columns([
      ['bot token', token],
      ['signing secret', signingSecret],
      ['parameter', `SlackApiUrl=${api}`],
    ]).map((line) => `  ${line}`),
  ]
}
