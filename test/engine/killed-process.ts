import type { Aws } from '../../src/aws/port.ts'
import { readers } from '../../src/aws/reader.ts'
import type { Answer } from '../../src/engine/ports.ts'
import type { RunStore } from '../../src/run/store.ts'
import { type Process, start, type World } from './simulated-world.ts'

/** How a process that was killed ends; nothing in the engine may take it for an answer. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/**
 * The life of one process as a row of points, one before and one after each call to AWS and each operation of the
 * store. It ends at the point whose number or name it was given: from then on the process can neither call
 * AWS nor touch the store, whatever the engine would still like to do.
 */
export class Life {
  /** What was passed, in order: 'before ec2:DescribeSecurityGroups', 'after store.commit' ... */
  readonly points: string[] = []
  readonly #end: number | string
  #dead = false

  constructor(end: number | string = Number.POSITIVE_INFINITY) {
    this.#end = end
  }

  get isOver(): boolean {
    return this.#dead
  }

  async around<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#pass(`before ${what}`)
    try {
      return await work()
    } finally {
      this.#pass(`after ${what}`)
    }
  }

  #pass(point: string): void {
    if (!this.#dead) this.points.push(point)
    this.#dead ||= typeof this.#end === 'number' ? this.points.length > this.#end : point === this.#end
    if (this.#dead) throw new Killed(`killed ${point}`)
  }
}

/** What only reads: a name that is not here is taken for a write. */
const READS =
  /^(?:before|after) (?:store\.(?:get|newest|lock|attached|list|due|foundBy|audit|told|runThatStarted|timeBoxes\w*|control|controls|allControls|tokens|exemptions|exemptionsOf|bookmark)|\w+:(?:Describe|List|Get)\w*)$/

/**
 * Where a process has to be killed so that every state in which it can leave the store and AWS is seen: first, last, and
 * before and after each write. Killed at any read between two writes it leaves what it leaves before the second.
 */
export function deathsIn(points: readonly string[]): { end: number; point: string }[] {
  return points
    .map((point, end) => ({ end, point }))
    .filter(({ end, point }) => end === 0 || end === points.length - 1 || !READS.test(point))
}

/** Stands around each call to AWS and each operation of the store that a process makes. */
export type Around = <T>(what: string, work: () => Promise<T>) => Promise<T>

/** A process of the world that lives as long as its life. It says yes when it is asked. */
export function startMortal(world: World, life: Life): Process {
  return startWithin(world, (what, work) => life.around(what, work))
}

/** A process of the world with something around all that it does. It reads with a memory of its own. */
export function startWithin(
  world: World,
  around: Around,
  { store = world.store, answer = { kind: 'approve' } }: { store?: RunStore; answer?: Answer } = {},
): Process {
  const aws = awsWithin(world, around)
  return start(world, { aws, store: storeWithin(store, around), answer: () => answer })
}

/** AWS as one process sees it, which reads with a memory of its own. */
export function awsWithin(world: World, around: Around): Aws {
  const send: Aws['send'] = (place, call, options) =>
    around(`${call.service}:${call.operation}`, () => world.aws.send(place, call, options))
  return {
    services: world.aws.services,
    identity: () => world.aws.identity(),
    reaches: (account) => world.aws.reaches(account),
    changesAs: (account) => world.aws.changesAs(account),
    reader: readers(send, world.aws.services),
    send,
  }
}

export function storeWithin(store: RunStore, around: Around): RunStore {
  const operations = Object.entries(store) as [string, (...given: unknown[]) => Promise<unknown>][]
  const within = operations.map(([name, operation]) => [
    name,
    (...given: unknown[]) => around(`store.${name}`, () => operation(...given)),
  ])
  return Object.fromEntries(within) as RunStore
}
