import { ours } from '../../playbooks/index.ts'
import type { Collection } from '../playbook/service/collection.ts'
import { BadCollection, withOwn } from '../playbook/service/own-collection.ts'
import { ownModules } from './own-modules.ts'

/** What was deployed: Rectify's playbooks and the user's own; with the reason where those cannot be used. */
export function deployedCollection(modules = ownModules): { collection: Collection; wrong?: string } {
  if (modules.length === 0) return { collection: ours }
  try {
    return { collection: withOwn(ours, modules) }
  } catch (error) {
    if (!(error instanceof BadCollection)) throw error
    return { collection: ours, wrong: error.message }
  }
}
