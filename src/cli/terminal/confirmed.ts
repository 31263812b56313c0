import type { Invocation } from '../program/invocation.ts'
import { saysYes } from './terminal.ts'

/** Whether the person says yes: by `--yes`, or at the terminal. */
export async function confirmed({ shared, output }: Invocation, question: string): Promise<boolean> {
  return shared.yes === true || (output.interactive && (await saysYes(output, question)))
}
