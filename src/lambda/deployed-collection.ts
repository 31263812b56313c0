import { ours } from '../../playbooks/index.ts'
import { type Collection, together } from '../playbook/collection.ts'
import { BadCollection, ownCollection } from '../playbook/own-collection.ts'
import { ownModules } from './own-modules.ts'

/** What was deployed: Rectify's playbooks and the user's own; with the reason where those cannot be used. */
export function deployedCollection(modules = ownModules): { collection: Collection; wrong?: string } {
  if (modules.length === 0) return { collection: ours }
  try {
    return { collection: together(ours, ownCollection(modules, ours)) }
  } catch (error) {
    if (!(error instanceof BadCollection)) throw error
    return { collection: ours, wrong: error.message }
  }
}
