import { BadRequest } from '../../engine/refusals.ts'
import type { Collection } from '../../playbook/collection.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import { didYouMean } from '../../policy/file/spelling.ts'

/** Playbooks and services, loaded when a command needs them. */
export async function loadCollection(): Promise<Collection> {
  return (await import('../../../playbooks/index.ts')).ours
}

/** The playbooks, loaded when a command needs them. */
export async function loadPlaybooks(): Promise<readonly AnyPlaybook[]> {
  return (await loadCollection()).playbooks
}

/** The playbook with this id. Throws `BadRequest` that names the nearest one. */
export function playbookCalled(id: string, playbooks: readonly AnyPlaybook[]): AnyPlaybook {
  const found = playbooks.find((playbook) => playbook.id === id)
  if (found) return found
  const known = playbooks.map((playbook) => playbook.id)
  const advice = didYouMean(id, known) || `; rectify playbooks lists them`
  throw new BadRequest('usage', `unknown playbook "${id}"${advice}`)
}

/** Playbook id → title. */
export function titlesOf(playbooks: readonly AnyPlaybook[]): Record<string, string> {
  return Object.fromEntries(playbooks.map(({ id, title }) => [id, title]))
}
