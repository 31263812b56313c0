import { columns } from './columns.ts'
import type { Paint } from './paint.ts'

export interface SandboxReady {
  account: string
  env: Record<string, string>
  seeds: Record<string, string>
  /** What is deployed in it. */
  stack?: { name: string; outputs: Record<string, string> } | undefined
}

/** How to reach a sandbox, ready to be pasted into a shell, and what is in it. */
export function sandboxText({ account, env, seeds, stack }: SandboxReady, paint: Paint): string {
  return [
    `${paint.strong('AWS on this machine')}, account ${account}. In another terminal:`,
    '',
    ...Object.entries(env).map(([name, value]) => `  export ${name}=${value}`),
    '',
    'In it:',
    ...columns(Object.entries(seeds)).map((line) => `  ${line}`),
    ...(stack ? ['', `Stack ${stack.name} (--stack ${stack.name}):`] : []),
    ...columns(Object.entries(stack?.outputs ?? {})).map((line) => `  ${line}`),
    '',
    'Ctrl-C ends it.',
  ].join('\n')
}
