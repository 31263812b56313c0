import { type Command, Option } from 'commander'
import { BadRequest } from '../../engine/refusals.ts'
import type { Finding, ParseResult } from '../../findings/finding.ts'
import { type KnownPlaybook, loaded } from '../../playbook/service/known-playbook.ts'
import { playbookCalled } from '../program/catalogue.ts'
import { regionOf } from '../program/environment.ts'
import type { Invocation } from '../program/invocation.ts'
import type { Output } from '../terminal/output.ts'
import { type EventInput, type InputOptions, inputs, readEvents } from './events-input.ts'
import { manualFinding } from './manual-finding.ts'

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
  invocation: Invocation,
  events: string[],
  named: Named,
  playbooks: readonly KnownPlaybook[],
): Promise<Selection> {
  const only = namedBy(events, named, playbooks)
  if (only) return { findings: [], rejected: [], only }
  return readEvents(events, inputOf(invocation))
}

/** What a command that asks AWS nothing is to be about: inputs of any length, or a finding about what was named. */
export type Passing = { inputs: Iterable<EventInput> } | { found: Finding; only: string }

/**
 * The same for a command that asks AWS nothing, for input of any length; a resource that was named is a finding. Who
 * calls is for AWS to say: its account is that of an ARN, or unknown.
 */
export async function passing(
  invocation: Invocation,
  events: string[],
  named: Named,
  playbooks: readonly KnownPlaybook[],
): Promise<Passing> {
  const only = namedBy(events, named, playbooks)
  if (!only) return { inputs: inputs(events, inputOf(invocation)) }
  const place = { account: '', region: regionOf(invocation) ?? '', partition: 'aws' }
  const playbook = await loaded(playbookCalled(only.playbook, playbooks))
  return { found: manualFinding(playbook, only.resource, place, Date.now()), only: only.playbook }
}

/**
 * The resource that was named in the place of events; undefined: none was. Throws `BadRequest` for both or neither.
 * @param asksDetectors whether `--from` was given instead of events; left out: the command has none
 */
export function namedBy(
  events: string[],
  { playbook, resource }: Named,
  playbooks: readonly KnownPlaybook[],
  asksDetectors?: boolean,
): Selection['only'] {
  const named = playbook !== undefined || resource !== undefined
  if (named && (events.length > 0 || asksDetectors)) {
    const what = events.length > 0 ? 'events' : '--from'
    throw new BadRequest('usage', `give either ${what} or --playbook with --resource, not both`)
  }
  if (named) {
    if (!playbook || !resource) {
      throw new BadRequest(
        'usage',
        `--playbook and --resource go together: --${playbook ? 'resource' : 'playbook'} is missing`,
      )
    }
    return { playbook: playbookCalled(playbook, playbooks).id, resource }
  }
  if (events.length === 0 && !asksDetectors) {
    const ways = ['a file or folder of events', '- for stdin', '--playbook ID --resource ID']
    const all = [...ways, ...(asksDetectors === undefined ? [] : ['--from DETECTORS'])]
    throw new BadRequest('usage', `nothing to do: name ${all.slice(0, -1).join(', ')}, or ${all.at(-1)}`)
  }
  return undefined
}

/** How the events of a call are read. */
export const inputOf = ({ cwd, output }: Pick<Invocation, 'cwd' | 'output'>): InputOptions => ({
  cwd,
  stdin: stdinOf(output),
  note: (line) => output.note(line),
})

/** The files that event paths mean, absolute, those in folders each; what is left out is told when it is read. Errors: see `inputs`. */
export function filesIn(events: readonly string[], invocation: Pick<Invocation, 'cwd' | 'output'>): string[] {
  const paths = events.filter((path) => path !== '-')
  const all = inputs(paths, { ...inputOf(invocation), note: () => undefined })
  return [...all].flatMap(({ file }) => file ?? [])
}

/** What `-` stands for; a person at a terminal is told that we listen. */
export function stdinOf(output: Output): () => AsyncIterable<Uint8Array> {
  return () => {
    if (process.stdin.isTTY) output.note('reading an event from the terminal; end it with Ctrl-D')
    return process.stdin
  }
}
