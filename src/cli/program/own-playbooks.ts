import { readdir } from 'node:fs/promises'
import * as nodeModule from 'node:module'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BadRequest } from '../../engine/refusals.ts'
import { messageOf } from '../../playbook/message-of.ts'
import type { Collection } from '../../playbook/service/collection.ts'
import { BadCollection, type OwnModule, withOwn } from '../../playbook/service/own-collection.ts'
import type { OwnFolder } from './own-folders.ts'

/** Source and built files; neither tests nor declarations. */
const MODULES = /^(?!.*\.test\.)(?!.*\.d\.ts$).*\.(ts|js|mjs)$/

/**
 * Loads every file of the folders: what they hold, beside what Rectify brings.
 * @throws BadRequest that names the file: nothing of a folder is used unless all of it can be
 */
export async function loadOwn(
  folders: readonly OwnFolder[],
  ours: Collection,
  cwd: string,
): Promise<Collection> {
  const modules: OwnModule[] = []
  for (const { folder, by } of folders) {
    for (const file of await filesOf(folder, by)) modules.push(await loaded(file, relative(cwd, file)))
  }
  try {
    return withOwn(ours, modules)
  } catch (error) {
    if (error instanceof BadCollection) throw new BadRequest('usage', error.message, { cause: error })
    throw error
  }
}

async function filesOf(folder: string, by: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'no such folder' : `cannot be read: ${cause.message}`
    throw new BadRequest('usage', `${folder}: ${why} (named by ${by})`, { cause })
  })
  const files = entries.filter((entry) => !entry.isDirectory() && MODULES.test(entry.name))
  if (files.length === 0)
    throw new BadRequest('usage', `${folder}: holds no .ts, .js or .mjs file (named by ${by})`)
  return files.map(({ name }) => join(folder, name)).sort()
}

async function loaded(file: string, shown: string): Promise<OwnModule> {
  readyToLoad()
  try {
    return [shown, await import(pathToFileURL(file).href)]
  } catch (cause) {
    const [message] = messageOf(cause).split('\n')
    throw new BadRequest('usage', `${shown}: cannot be loaded: ${message}`, { cause })
  }
}

/** Beside this file once the program is built; in the sources where it says. */
const CONTRACT = import.meta.url.endsWith('.ts') ? '../../contract.ts' : './playbook.js'
let hooked = false

/**
 * `rectify/playbook` is the contract of the program that runs, wherever the folder is and whatever is installed there.
 * Where Node.js reads no TypeScript by itself, the npm package's own hooks do.
 */
function readyToLoad(): void {
  if (hooked) return
  hooked = true
  if (!process.features.typescript || !nodeModule.registerHooks) {
    nodeModule.register('./strip-types.js', import.meta.url)
    return
  }
  const url = new URL(CONTRACT, import.meta.url).href
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'rectify/playbook' ? { url, shortCircuit: true } : next(specifier, context),
  })
}
