import type { Copies } from './copies.ts'
import type { KnownPlaybook } from './known-playbook.ts'
import type { ServiceDefinition } from './service.ts'

/** Playbooks, and the services that they call: those that Rectify brings, or a user's own. */
export interface Collection<P extends KnownPlaybook = KnownPlaybook> {
  playbooks: readonly P[]
  services: readonly ServiceDefinition[]
  /** How what they read is copied for a twin; of Rectify's own in `playbooks/copies.ts`, which is loaded for that alone. */
  copies?: readonly Copies[]
}

/**
 * Several collections as one, in this order.
 * @throws TypeError where two playbooks, or two different definitions of a service, have one id
 */
export function together<P extends KnownPlaybook>(...collections: readonly Collection<P>[]): Collection<P> {
  const playbooks = collections.flatMap((each) => each.playbooks)
  // A collection of its own may list a service that Rectify brings: the same definition is no quarrel.
  const services = [...new Set(collections.flatMap((each) => each.services))]
  const copies = collections.flatMap((each) => each.copies ?? [])
  refuseTwice('playbooks', playbooks)
  refuseTwice('services', services)
  return { playbooks, services, ...(copies.length > 0 && { copies }) }
}

function refuseTwice(what: string, all: readonly { id: string }[]): void {
  const ids = all.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new TypeError(`two ${what} are called ${twice}: give one of them another id`)
}
