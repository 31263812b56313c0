import type { Services } from '../../aws/services.ts'
import type { ApiCall, Service } from '../../playbook/api.ts'
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
  const asks = (service: Service, operation: string, input: unknown) =>
    told(reader.region, { service, operation, input: input as ApiCall['input'] })
  const port: object = {
    ...reader,
    at: (region: string) => (region === reader.region ? port : tellingReader(reader.at(region), told)),
    async read(...given: Parameters<Reader['read']>) {
      asks(given[0], given[1], given[2])
      return reader.read(...given)
    },
    async list(...given: Parameters<Reader['list']>) {
      asks(given[0], given[1], given[2])
      return reader.list(...given)
    },
    async optional(...given: Parameters<Reader['optional']>) {
      asks(given[0], given[1], given[2])
      return reader.optional(...given)
    },
  }
  return port as Reader
}

function add(reads: Reads, region: string, action: string): void {
  const there = reads[region] ?? {}
  reads[region] = there
  there[action] = (there[action] ?? 0) + 1
}
