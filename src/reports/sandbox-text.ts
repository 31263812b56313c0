import { columns } from './columns.ts'
import type { Paint } from './paint.ts'

/** How to reach a sandbox, ready to be pasted into a shell, and what is in it. */
export function sandboxText(
  { account, env, seeds }: { account: string; env: Record<string, string>; seeds: Record<string, string> },
  paint: Paint,
): string {
  return [
    `${paint.strong('AWS on this machine')}, account ${account}. In another terminal:`,
    '',
    ...Object.entries(env).map(([name, value]) => `  export ${name}=${value}`),
    '',
    'In it:',
    ...columns(Object.entries(seeds)).map((line) => `  ${line}`),
    '',
    'Ctrl-C ends it.',
  ].join('\n')
}
