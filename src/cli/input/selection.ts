import { type Command, Option } from 'commander'
import { BadRequest } from '../../engine/refusals.ts'
import type { ParseResult } from '../../findings/finding.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import { playbookCalled } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'
import type { Output } from '../terminal/output.ts'
import { readEvents } from './events-input.ts'

/** A resource that a person names in place of events: `--playbook ID --resource ID-or-ARN`. */
export interface Named {
  playbook?: string
  resource?: string
}

/** What a command is to be about. */
export interface Selection extends ParseResult {
  only?: { playbook: string; resource: string }
}

/** Declares what may stand in the place of events. */
export function addSelection(command: Command): Command {
  return command
    .addOption(new Option('--playbook <id>', 'without an event: this playbook ...'))
    .addOption(new Option('--resource <id>', '... on this resource, by id or ARN'))
}

/** Reads the events, or takes the resource that was named. Throws `BadRequest` for both or neither. */
export async function select(
  { cwd, output }: Invocation,
  events: string[],
  { playbook, resource }: Named,
  playbooks: readonly AnyPlaybook[],
): Promise<Selection> {
  const named = playbook !== undefined || resource !== undefined
  if (named && events.length > 0) {
    throw new BadRequest('usage', 'give either events or --playbook with --resource, not both')
  }
  if (named) {
    if (!playbook || !resource) {
      throw new BadRequest(
        'usage',
        `--playbook and --resource go together: --${playbook ? 'resource' : 'playbook'} is missing`,
      )
    }
    return {
      findings: [],
      rejected: [],
      only: { playbook: playbookCalled(playbook, playbooks).id, resource },
    }
  }
  if (events.length === 0) {
    throw new BadRequest(
      'usage',
      'nothing to do: name a file or folder of events, - for stdin, or --playbook ID --resource ID',
    )
  }
  return readEvents(events, {
    cwd,
    stdin: stdinOf(output),
    note: (line) => output.note(line),
  })
}

/** What `-` stands for; a person at a terminal is told that we listen. */
export function stdinOf(output: Output): () => Promise<Uint8Array> {
  return async () => {
    const { buffer } = await import('node:stream/consumers')
    if (process.stdin.isTTY) output.note('reading an event from the terminal; end it with Ctrl-D')
    return buffer(process.stdin)
  }
}
