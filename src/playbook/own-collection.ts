import type { Collection } from './collection.ts'
import { makerOf } from './made-by.ts'
import type { AnyPlaybook } from './playbook.ts'
import type { ServiceDefinition } from './service.ts'

/** A module of a user's own folder, and the file that it was loaded from, as it is told. */
export type OwnModule = readonly [file: string, module: object]

/** What a user's own files hold cannot be taken as it is; the message names the file and says what to do. */
export class BadCollection extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'BadCollection'
  }
}

/**
 * The playbooks and services that the files of a folder export, whatever the exports are called.
 * @param known what they stand beside, whose ids are taken
 * @throws BadCollection for a file that exports none, and for an id that is there already
 */
export function ownCollection(modules: readonly OwnModule[], known: Collection): Collection {
  const playbooks = new Map<AnyPlaybook, string>()
  const services = new Map<ServiceDefinition, string>()
  for (const [file, module] of modules) {
    const made = Object.values(module).filter((value) => makerOf(value) !== undefined)
    if (made.length === 0) throw new BadCollection(`${file}: ${NONE}`)
    for (const value of made) {
      // A file may hand on what another one defines, or Rectify itself: the same is not there twice.
      if (makerOf(value) === 'definePlaybook') add(playbooks, value as AnyPlaybook, file, known.playbooks)
      else add(services, value as ServiceDefinition, file, known.services)
    }
  }
  return { playbooks: [...playbooks.keys()], services: [...services.keys()] }
}

const NONE =
  'exports no playbook (definePlaybook, defineSetting) and no service (defineService); files that others import belong ' +
  'into a folder inside this one'

function add<T extends { id: string }>(
  found: Map<T, string>,
  value: T,
  file: string,
  known: readonly T[],
): void {
  if (found.has(value) || known.includes(value)) return
  const other = [...found].find(([{ id }]) => id === value.id)?.[1]
  const by = other ?? (known.some(({ id }) => id === value.id) ? 'Rectify itself' : undefined)
  if (by !== undefined)
    throw new BadCollection(`${file}: "${value.id}" is defined by ${by} already: give it another id`)
  found.set(value, file)
}
