import { heardReader } from '../../aws/heard-reader.ts'
import type { Services } from '../../aws/services.ts'
import type { ApiCall } from '../../playbook/api.ts'
import type { Reader } from '../../playbook/reading-port.ts'
import type { LookReads, Reads } from '../../run/run.ts'

/** Keeps count of what one look after the other reads. */
export interface AskedReads {
  /** A look begins: nothing of what was counted before is its. */
  begin(): void
  /** Does it, and notes what is read meanwhile as what a proof reads again; what was so noted before is forgotten. */
  inspecting<T>(work: () => Promise<T>): Promise<T>
  /** What has been read since the look began. */
  counted(): LookReads
}

/** The same port, which counts. */
export function countedReads(reader: Reader, services: Services): { reader: Reader; asked: AskedReads } {
  let look: Reads = {}
  let proof: Reads = {}
  let isInspecting = false
  const told = (region: string, call: ApiCall) => {
    const action = services.iamAction(call)
    add(look, region, action)
    if (isInspecting) add(proof, region, action)
  }
  return {
    reader: tellingReader(reader, told),
    asked: {
      begin() {
        look = {}
        proof = {}
      },
      async inspecting(work) {
        proof = {}
        isInspecting = true
        try {
          return await work()
        } finally {
          isInspecting = false
        }
      },
      counted: () => ({ look, proof }),
    },
  }
}

/** The same port, which tells of each read before it is asked. */
export function tellingReader(reader: Reader, told: (region: string, call: ApiCall) => void): Reader {
  return heardReader(reader, async ({ region, call }, ask) => {
    told(region, call)
    return ask()
  })
}

function add(reads: Reads, region: string, action: string): void {
  const there = reads[region] ?? {}
  reads[region] = there
  there[action] = (there[action] ?? 0) + 1
}
