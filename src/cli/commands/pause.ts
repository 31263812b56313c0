import { type Command, Option } from 'commander'
import { pausedText } from '../../engine/rails/kill-switch.ts'
import { controlJson, openSwitch, setSwitch } from '../pausing.ts'
import type { Invocation } from '../program/invocation.ts'
import { sameWay } from '../program/same-way.ts'

const EXAMPLES = `
Examples:
  rectify pause --reason "release day"
  rectify pause --reason "it closed the wrong group" --stack prod`

/** `rectify pause`: throws the kill switch. Runs in hand stop before their next step. */
export function pause(command: Command, invocation: Invocation): void {
  command
    .addOption(new Option('--reason <text>', 'why; told to whoever is stopped by it'))
    .addHelpText('after', EXAMPLES)
    .action(async ({ reason }: { reason?: string }) => {
      const { output } = invocation
      const at = await openSwitch(invocation)
      try {
        const control = await setSwitch(at, { paused: true, ...(reason !== undefined && { reason }) })
        output.result(
          controlJson(control),
          () => `${pausedText(control)}\n\nNext: rectify resume${sameWay(invocation)}`,
        )
      } finally {
        await at.close()
      }
    })
}
