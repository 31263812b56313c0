import { type Command, Option } from 'commander'
import { pausedText } from '../../engine/rails/kill-switch.ts'
import { visible } from '../../reports/paint.ts'
import { scopeOptions } from '../../reports/run/held-runs.ts'
import { addScope, type ScopeOptions, scopeOf } from '../input/pause-scope.ts'
import { controlJson, openSwitch, setSwitch } from '../pausing.ts'
import type { Invocation } from '../program/invocation.ts'
import { sameWay } from '../program/same-way.ts'

const EXAMPLES = `
Examples:
  rectify pause --reason "release day"
  rectify pause --reason "it closed the wrong group" --stack prod
  rectify pause --playbook ec2-close-open-ingress --stack prod
  rectify pause --account 123456789012 --reason "being moved" --stack prod`

/** What to pause, and why. */
interface PauseOptions extends ScopeOptions {
  reason?: string
}

/**
 * `rectify pause`: throws the kill switch of everything, a playbook or an account. Runs in hand stop before their next
 * step.
 */
export function pause(command: Command, invocation: Invocation): void {
  addScope(command, 'pause')
    .addOption(new Option('--reason <text>', 'why; told to whoever is stopped by it'))
    .addHelpText('after', EXAMPLES)
    .action(async ({ reason, ...options }: PauseOptions) => {
      const { output } = invocation
      const scope = await scopeOf(invocation, options)
      const at = await openSwitch(invocation)
      try {
        const control = await setSwitch(at, scope, { paused: true, ...(reason !== undefined && { reason }) })
        output.result(
          controlJson(control, scope),
          () =>
            `${visible(pausedText(control, scope))}\n\nNext: rectify resume${scopeOptions(scope)}${sameWay(invocation)}`,
        )
      } finally {
        await at.close()
      }
    })
}
