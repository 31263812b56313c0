import { type Command, Option } from 'commander'
import { BadRequest } from '../../engine/refusals.ts'
import type { Gate } from '../../reports/rehearsal/gates.ts'
import type { RehearseOptions } from '../rehearsing/rehearse-options.ts'

/** Declares whether each plan is tried on a copy of its resource. */
export function addTwin(command: Command): Command {
  return command.addOption(
    new Option(
      '--twin',
      'carry each plan out and take it back on a copy of its resource, in local emulators',
    ),
  )
}

/** Throws `BadRequest` where no twin can be made, and for a gate that nothing could stop at without one. */
export function refuseWithoutTwins(
  stack: string | undefined,
  { twin, failOn = [] }: Pick<RehearseOptions, 'twin'> & { failOn?: readonly Gate[] },
): void {
  if (twin && stack !== undefined)
    throw new BadRequest(
      'usage',
      '--twin copies what a look reads, and --stack makes none: leave one of them out',
    )
  if (failOn.includes('twin-disagrees') && !twin)
    throw new BadRequest('usage', '--fail-on twin-disagrees takes twins: give --twin as well')
}
