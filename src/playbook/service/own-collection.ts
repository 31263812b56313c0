import type { AnyPlaybook } from '../playbook.ts'
import { type Collection, together } from './collection.ts'
import { makerOf } from './made-by.ts'
import { type MoreOperations, withOperations } from './more-operations.ts'
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
 * Rectify's playbooks and services, and those that the files of a user's folder export, whatever the exports are called.
 * @throws BadCollection for a file that exports none, for an id that is there already, and for a service that is not
 */
export function withOwn(ours: Collection, modules: readonly OwnModule[]): Collection {
  const playbooks = new Map<AnyPlaybook, string>()
  const services = new Map<ServiceDefinition, string>()
  const operations = new Map<MoreOperations, string>()
  for (const [file, module] of modules) {
    const made = Object.values(module).filter((value) => makerOf(value) !== undefined)
    if (made.length === 0) throw new BadCollection(`${file}: ${NONE}`)
    for (const value of made) {
      // A file may hand on what another one defines, or Rectify itself: the same is not there twice.
      const maker = makerOf(value)
      if (maker === 'definePlaybook') add(playbooks, value as AnyPlaybook, file, ours.playbooks)
      else if (maker === 'defineService') add(services, value as ServiceDefinition, file, ours.services)
      else operations.set(value as MoreOperations, file)
    }
  }
  const all = together(ours, { playbooks: [...playbooks.keys()], services: [...services.keys()] })
  for (const [{ service }, file] of operations) {
    if (!all.services.some(({ id }) => id === service))
      throw new BadCollection(`${file}: moreOperations names "${service}", which no defineService defines`)
  }
  const more = [...operations.keys()]
  const complete = all.services.map((one) =>
    withOperations(
      one,
      more.filter(({ service }) => service === one.id),
    ),
  )
  return { playbooks: all.playbooks, services: complete }
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
