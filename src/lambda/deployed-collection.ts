import { offered } from '../../playbooks/offered.ts'
import { messageOf } from '../playbook/message-of.ts'
import type { Collection } from '../playbook/service/collection.ts'
import { ownModules } from './own-modules.ts'

/**
 * What was deployed: Rectify's playbooks and the user's own; with the reason where those cannot be used. What takes them
 * in is loaded where there are any.
 */
export async function deployedCollection(
  modules = ownModules,
): Promise<{ collection: Collection; wrong?: string }> {
  if (modules.length === 0) return { collection: offered }
  const { BadCollection, withOwn } = await import('../playbook/service/own-collection.ts')
  try {
    const loaded = await Promise.all(
      modules.map(async ([file, load]) => [file, await loadedFrom(file, load)] as const),
    )
    return { collection: withOwn(offered, loaded) }
  } catch (error) {
    if (!(error instanceof BadCollection || error instanceof NotLoaded)) throw error
    return { collection: offered, wrong: error.message }
  }
}

/** A file of the user's throws while it is loaded. */
class NotLoaded extends Error {
  override readonly name = 'NotLoaded'
}

async function loadedFrom(file: string, load: () => Promise<object>): Promise<object> {
  try {
    return await load()
  } catch (error) {
    const why = messageOf(error)
    throw new NotLoaded(`${file} cannot be loaded: ${why}`, { cause: error })
  }
}
