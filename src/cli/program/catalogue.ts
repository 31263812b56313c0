import { BadRequest } from '../../engine/refusals.ts'

import type { AnyPlaybook } from '../../playbook/playbook.ts'
import type { Collection } from '../../playbook/service/collection.ts'
import { type KnownPlaybook, loaded, type PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { didYouMean } from '../../policy/file/spelling.ts'
import type { Invocation } from './invocation.ts'
import { ownFolders } from './own-folders.ts'

const collections = new WeakMap<Invocation, Promise<Collection>>()

/**
 * Playbooks and services, Rectify's and the user's own, loaded when a command needs them.
 * @throws BadRequest that names the file of the user's that cannot be used
 */
export function loadCollection(invocation: Invocation): Promise<Collection> {
  const loaded = collections.get(invocation) ?? load(invocation)
  collections.set(invocation, loaded)
  return loaded
}

async function load(invocation: Invocation): Promise<Collection> {
  const { offered } = await import('../../../playbooks/offered.ts')
  const folders = await ownFolders(invocation)
  if (folders.length === 0) return offered
  const { loadOwn } = await import('./own-playbooks.ts')
  return loadOwn(folders, offered, invocation.cwd)
}

/** The playbooks: what findings and rules are matched by, and the rest of each when somebody asks for it. */
export async function loadPlaybooks(invocation: Invocation): Promise<readonly KnownPlaybook[]> {
  return (await loadCollection(invocation)).playbooks
}

/** All that there is of all playbooks. */
export async function loadWholePlaybooks(invocation: Invocation): Promise<readonly AnyPlaybook[]> {
  return Promise.all((await loadPlaybooks(invocation)).map(loaded))
}

/** The playbook with this id. Throws `BadRequest` that names the nearest one. */
export function playbookCalled<P extends PlaybookHead>(id: string, playbooks: readonly P[]): P {
  const found = playbooks.find((playbook) => playbook.id === id)
  if (found) return found
  const known = playbooks.map((playbook) => playbook.id)
  const advice = didYouMean(id, known) || `; rectify playbooks lists them`
  throw new BadRequest('usage', `unknown playbook "${id}"${advice}`)
}

/** Playbook id → title. */
export function titlesOf(playbooks: readonly PlaybookHead[]): Record<string, string> {
  return Object.fromEntries(playbooks.map(({ id, title }) => [id, title]))
}
