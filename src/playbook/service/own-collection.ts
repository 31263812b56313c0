import type { AnyPlaybook } from '../playbook.ts'
import { type Collection, together } from './collection.ts'
import { contained } from './contained.ts'
import type { Copies } from './copies.ts'
import type { KnownPlaybook } from './known-playbook.ts'
import { makerOf } from './made-by.ts'
import { type MoreOperations, withOperations } from './more-operations.ts'
import { playbookFaults, serviceFaults } from './own-faults.ts'
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
 * Each is checked when it is loaded; what fails later, when it is asked, ends the one run that asks (`contained`).
 * @throws BadCollection for a file that exports none, and with all that is wrong in a file, a line each
 */
export function withOwn<P extends KnownPlaybook>(
  ours: Collection<P>,
  modules: readonly OwnModule[],
): Collection<P | AnyPlaybook> {
  const files = modules.map(([file, module]) => ({ file, made: madeIn(file, module) }))
  const services = new Map<ServiceDefinition, string>()
  const playbooks = new Map<AnyPlaybook, string>()
  const operations = new Map<MoreOperations, string>()
  const copies = new Map<Copies, string>()
  const callable = [
    ...ours.services,
    ...files.flatMap(({ made }) => made.flatMap(([, value]) => (isService(value) ? [value] : []))),
  ]
  for (const { file, made } of files) {
    // A file may hand on what another one defines, or Rectify itself: the same is not there twice.
    const wrong = made.flatMap(([name, value]) => {
      if (isService(value))
        return added(services, value, file, ours.services, () => named(name, serviceFaults(value)))
      if (isPlaybook(value))
        return added(playbooks, value, file, ours.playbooks, () =>
          named(name, playbookFaults(value, callable)),
        )
      if (isCopies(value)) copies.set(value, file)
      else operations.set(value as MoreOperations, file)
      return []
    })
    if (wrong.length > 0) throw new BadCollection(wrong.map((each) => `${file}: ${each}`).join('\n'))
  }
  const own = { playbooks: [...playbooks.keys()].map(contained), services: [...services.keys()] }
  const all = together<P | AnyPlaybook>(ours, own)
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
  for (const [{ service }, file] of copies) {
    if (!all.services.some(({ id }) => id === service))
      throw new BadCollection(`${file}: defineCopies names "${service}", which no defineService defines`)
  }
  const copied = copies.size > 0 && { copies: [...copies.keys()] }
  return { playbooks: all.playbooks, services: complete, ...copied }
}

const NONE =
  'exports no playbook (definePlaybook, defineSetting, defineAdvice) and no service (defineService); files that others ' +
  'import belong into a folder inside this one'

function madeIn(file: string, module: object): [name: string, value: unknown][] {
  const made = Object.entries(module).filter(([, value]) => makerOf(value) !== undefined)
  if (made.length === 0) throw new BadCollection(`${file}: ${NONE}`)
  return made
}

const isService = (value: unknown): value is ServiceDefinition => makerOf(value) === 'defineService'
const isCopies = (value: unknown): value is Copies => makerOf(value) === 'defineCopies'
const isPlaybook = (value: unknown): value is AnyPlaybook => makerOf(value) === 'definePlaybook'
const named = (name: string, faults: string[]): string[] => faults.map((fault) => `${name}: ${fault}`)

/** Takes what is new, and says what is wrong with it. */
function added<T extends { id: string }>(
  found: Map<T, string>,
  value: T,
  file: string,
  known: readonly { id: string }[],
  faults: () => string[],
): string[] {
  if (found.has(value) || known.includes(value)) return []
  const other = [...found].find(([{ id }]) => id === value.id)?.[1]
  const by = other ?? (known.some(({ id }) => id === value.id) ? 'Rectify itself' : undefined)
  found.set(value, file)
  const twice = by === undefined ? [] : [`"${value.id}" is defined by ${by} already: give it another id`]
  return [...twice, ...faults()]
}
