import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { sshEvent } from '../events.ts'
import { groupId, isOpen, REGION } from '../security-groups.ts'
import type { Cost } from './cost.ts'
import { deploy } from './deployment.ts'
import { type StoredRun, storedRun } from './fill.ts'
import { NotDone } from './function.ts'
import { inNewTable, type Stack } from './stack.ts'
import { type Ground, mustBe, WORK, type Work, waitingRun } from './work.ts'

export interface Measured {
  what: string
  cost: Cost
  seconds: number
  /** False: an invocation failed each time, and what was counted is what the last one asked for until then. */
  done: boolean
}

/** More than there is work for. */
const GROUPS = 100
/** As often as its queue would give a message to a function. */
const ATTEMPTS = 5

/** Does each piece of work in a table, a first time so that the functions are warm, and a second time to be counted. */
export function measured(stack: Stack, table: string): Promise<Measured[]> {
  return onGround(stack, table, async (ground) => {
    const done: Measured[] = []
    for (const work of WORK) {
      await once(stack, ground, work)
      done.push(await once(stack, ground, work))
    }
    return done
  })
}

async function once(stack: Stack, ground: Ground, { what, before, counted }: Work): Promise<Measured> {
  const { wire, tell } = stack
  for (let attempt = 1; ; attempt++) {
    const start = performance.now()
    const taken = (done: boolean): Measured => {
      return { what, done, seconds: (performance.now() - start) / 1000, cost: wire.cost() }
    }
    wire.messages()
    try {
      const prepared = await before?.(ground)
      wire.cost()
      await counted(ground, prepared)
      return taken(true)
    } catch (error) {
      if (!(error instanceof NotDone)) throw error
      tell(`${what}, attempt ${attempt}: ${error.message}`)
      if (attempt === ATTEMPTS) return taken(false)
    }
  }
}

/** A run that waits and one that has ended, as the functions of the build store them. */
export async function samples(stack: Stack): Promise<{ waiting: StoredRun; closed: StoredRun }> {
  return inNewTable(stack, 'samples', (table) =>
    onGround(stack, table, async (ground) => {
      const { deployment, nextGroup } = ground
      const waits = await waitingRun(ground)
      const group = nextGroup()
      await deployment.intake(sshEvent(group))
      await deployment.carryOn('auto')
      const ended = await deployment.newestOf(group)
      mustBe('remediated', ended)
      return {
        waiting: await storedRun(stack.client, table, waits),
        closed: withoutCommits(await storedRun(stack.client, table, ended)),
      }
    }),
  )
}

/** What only the audit of a run reads, by the partition of that run. */
function withoutCommits({ items, ...rest }: StoredRun): StoredRun {
  return { ...rest, items: items.filter(({ SK }) => !SK?.S?.startsWith('COMMIT#')) }
}

async function onGround<T>(stack: Stack, table: string, work: (on: Ground) => Promise<T>): Promise<T> {
  await stack.aws.reset({ groups: GROUPS, delayMs: 0 })
  const deployment = await deploy(stack, table)
  const decider = new DynamoDBClient({ endpoint: stack.wire.endpoint, region: REGION })
  const open = Array.from({ length: GROUPS }, (_, number) => number).filter(isOpen)
  const nextGroup = () => groupId(open.shift()!)
  try {
    return await work({ deployment, store: stack.build.store(decider, table), nextGroup })
  } finally {
    decider.destroy()
    deployment.stop()
  }
}
