import { type ApiCall, isRead, type Service } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { canonicalJson } from '../playbook/json.ts'
import type { Reader } from '../playbook/playbook.ts'
import { coalescing } from './coalesce.ts'
import type { Send } from './pages.ts'
import type { Place } from './port.ts'
import type { Services } from './services.ts'

/** A playbook looked with a call that changes something, or that it does not declare: a mistake in the playbook. */
export class UndeclaredCall extends AwsError {
  override readonly name = 'UndeclaredCall'
  constructor(action: string, why: string) {
    super({ kind: 'final', code: 'UndeclaredCall', action }, `${action} ${why}`)
  }
}

/** What an optional read gave, kept with the ports that share it; every plan that goes without it says so. */
interface Optional {
  answer?: unknown
  warning?: string
}

/** Makes the reading port of a playbook, see `Aws.reader`. */
export type Readers = (place: Place, reads: readonly string[], warn: (warning: string) => void) => Reader

/** Reading ports that share one queue and one memory: those of a process at a terminal, of an invocation in functions. */
export function readers(send: Send, services: Services): Readers {
  const ask = coalescing(send, services)
  const kept = new Map<string, Promise<Optional>>()

  return function readerAt({ account, region, partition }, reads, warn): Reader {
    const place: Place = { account, region, partition }
    const warned = new Set<string>()

    function checked(service: Service, operation: string, input: unknown) {
      const call: ApiCall = { service, operation, input: input as Record<string, unknown> }
      const action = services.iamAction(call)
      if (!isRead(operation)) throw new UndeclaredCall(action, 'changes something; looks may only read')
      if (!reads.includes(action))
        throw new UndeclaredCall(action, 'is not among the reads that the playbook declares')
      return services.withManaged(call)
    }

    /** Two single attempts: what is only nice to know shall not cost the waiting of a full retry. */
    async function twice(call: ReturnType<typeof checked>): Promise<Optional> {
      try {
        return { answer: await send(place, call, { attempts: 1 }) }
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
      }
      try {
        return { answer: await send(place, call, { attempts: 1 }) }
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        return { warning: `${error.action} failed, going on without it: ${error.message}` }
      }
    }

    const port: object = {
      account,
      region,
      partition,
      at: (there: string) => (there === region ? port : readerAt({ ...place, region: there }, reads, warn)),
      async read(service: Service, operation: string, input: unknown) {
        return ask(place, checked(service, operation, input))
      },
      async list(service: Service, operation: string, input: unknown, field: string) {
        return ask(place, checked(service, operation, input), field)
      },
      async optional(service: Service, operation: string, input: unknown) {
        const call = checked(service, operation, input)
        const key = canonicalJson([place, call])
        const known = kept.get(key) ?? twice(call)
        kept.set(key, known)
        const { answer, warning } = await known
        if (warning !== undefined && !warned.has(key)) warn(warning)
        warned.add(key)
        return answer
      },
    }
    // The operation's own types hold at the call; here input and answer are only passed on.
    return port as Reader
  }
}
