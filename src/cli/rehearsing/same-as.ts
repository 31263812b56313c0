import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import about from '../../../package.json' with { type: 'json' }
import { hashOf } from '../../playbook/json.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import { type EventInput, inputs } from '../input/events-input.ts'
import { inputOf } from '../input/selection.ts'
import type { Invocation } from '../program/invocation.ts'
import type { SameAs } from './journal.ts'
import type { RehearseOptions } from './rehearse-options.ts'

/** What tells one rehearsal from another, and whether it is still the same. */
export async function sameAs(
  invocation: Invocation,
  events: readonly string[],
  { from, since, accounts, ou, readRole, changeRole, traffic, twin }: RehearseOptions,
  policy: LoadedPolicy,
): Promise<SameAs> {
  const { shared, cwd } = invocation
  const { region, profile, endpointUrl, playbooks, includeSamples } = shared
  const command = hashOf({
    version: about.version,
    events: events.map((path) => resolve(cwd, path)),
    from: from?.map(({ id }) => id),
    since: since?.text,
    shared: { region, profile, endpointUrl, playbooks, includeSamples },
    ...{ accounts, ou, readRole, changeRole, traffic: traffic?.text, twin },
  })
  return { command, inputs: await contentsOf(filesOf(invocation, events)), policy: hashOf(policyIn(policy)) }
}

/** What is hashed is read for that alone: what an input gives, it gives once. */
const filesOf = (invocation: Invocation, events: readonly string[]) =>
  inputs([...events], { ...inputOf(invocation), note: () => undefined })

const policyIn = (policy: LoadedPolicy) => (policy.kind === 'file' ? policy.policy : null)

/** Whether what is read once can be read once more: files can, what somebody is writing meanwhile cannot. */
export function isRepeatable(inputs: readonly EventInput[]): boolean {
  return inputs.every(({ file }) => file !== undefined && statSync(file).isFile())
}

async function contentsOf(inputs: Iterable<EventInput>): Promise<string> {
  const hash = createHash('sha256')
  for (const { name, bytes } of inputs) {
    hash.update(`${name}\n`)
    for await (const piece of bytes) hash.update(piece)
  }
  return `sha256:${hash.digest('hex')}`
}
