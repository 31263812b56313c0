import { StoreError } from '../store-error.ts'
import { NEWER_NODE } from './newer-node.ts'

/**
 * Stands for `node:sqlite` in the npm package, which also runs on a Node.js that has none: what keeps no runs (`triage`,
 * `plan`, `rehearse`) works there, and everything else is refused before it has done anything.
 */
class None {
  constructor() {
    throw new StoreError(
      'unusable',
      `runs are kept with Node.js 22.13 or newer, this is ${process.versions.node}: ${NEWER_NODE}`,
    )
  }
}

const builtin = process.getBuiltinModule?.('node:sqlite') as typeof import('node:sqlite') | undefined
export const DatabaseSync = builtin?.DatabaseSync ?? None
