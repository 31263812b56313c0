import type { Output } from './output.ts'

/** Whether the person at the terminal says yes; nobody does where nobody is. */
export async function confirmed(output: Output, message: string): Promise<boolean> {
  if (!output.interactive) return false
  const { confirm } = await import('@clack/prompts')
  const said = await output.asking(() => confirm({ message, initialValue: false, output: process.stderr }))
  return said === true
}
