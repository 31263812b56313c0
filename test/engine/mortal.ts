import type { Aws } from '../../src/aws/port.ts'
import { readers } from '../../src/aws/reader.ts'
import type { Answer } from '../../src/engine/engine.ts'
import type { RunStore } from '../../src/store/store.ts'
import { type Process, start, type World } from './world.ts'

/** How a process that was killed ends; nothing in the engine may take it for an answer. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/**
 * The life of one process as a row of points, one before and one after each call to AWS and each operation of the
 * store. It ends at the point with the number that it was given: from then on the process can neither call
 * AWS nor touch the store, whatever the engine would still like to do.
 */
export class Life {
  /** What was passed, in order: 'before ec2:DescribeSecurityGroups', 'after store.commit' ... */
  readonly points: string[] = []
  readonly #end: number
  #dead = false

  constructor(end = Number.POSITIVE_INFINITY) {
    this.#end = end
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
    this.#dead ||= this.points.length > this.#end
    if (this.#dead) throw new Killed(`killed ${point}`)
  }
}

/** A process of the world that lives as long as its life. It reads with a memory of its own. */
export function startMortal(world: World, life: Life, answer: Answer = { kind: 'approve' }): Process {
  const send: Aws['send'] = (place, call, options) =>
    life.around(`${call.service}:${call.operation}`, () => world.aws.send(place, call, options))
  const aws: Aws = {
    identity: () => world.aws.identity(),
    reader: readers(send),
    send,
    dryRunnable: (call) => world.aws.dryRunnable(call),
  }
  const process = start(world, { aws, store: mortalStore(world.store, life), answer: () => answer })
  return process
}

function mortalStore(store: RunStore, life: Life): RunStore {
  const operations = Object.entries(store) as [string, (...given: unknown[]) => Promise<unknown>][]
  const mortal = operations.map(([name, operation]) => [
    name,
    (...given: unknown[]) => life.around(`store.${name}`, () => operation(...given)),
  ])
  return Object.fromEntries(mortal) as RunStore
}
