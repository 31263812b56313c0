import type { Invocation } from './invocation.ts'

/** Whether the person says yes: by `--yes`, or at the terminal. */
export async function confirmed({ shared, output }: Invocation, question: string): Promise<boolean> {
  if (shared.yes) return true
  if (!output.interactive) return false
  const { confirm } = await import('@clack/prompts')
  const said = await output.asking(() =>
    confirm({ message: question, initialValue: false, output: process.stderr }),
  )
  return said === true
}
