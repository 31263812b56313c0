import type { Input, Output, ReadOperation, Service } from '../api.ts'
import { AwsError, isGone } from '../aws-error.ts'
import type { Reader } from '../reading-port.ts'
import type { Target } from '../resource/target.ts'
import { iamActionOf, type ServiceDefinition } from '../service/service.ts'

/** What a look calls. */
export interface LookCall {
  service: ServiceDefinition
  /** IAM action of the read. */
  action: string
  /** Whether the read names the resource, so that it can be granted on its ARN; else it is granted on `*`. */
  ofOne: boolean
  /** Whether its failure is only a warning. */
  isOptional: boolean
}

/** How something about one resource is read. */
export interface Looking<T> {
  calls: readonly LookCall[]
  /** Undefined: the resource is gone. */
  at(aws: Reader, target: Target): Promise<T | undefined>
}

type Items<S extends Service, O extends ReadOperation<S>, F extends keyof Output<S, O>> =
  NonNullable<Output<S, O>[F]> extends (infer I)[] ? I[] : never

/** Where a resource is asked for: its id, its target (the ARN is `target.resource`), and the account that looks. */
type InputOf<S extends Service, O extends ReadOperation<S>> = (
  id: string,
  target: Target,
  aws: Reader,
) => Input<S, O>

/**
 * One read that names the resource.
 * @param seen what is wanted of the answer
 * @param absent errors that are an answer: what each code says
 * @param says where such a code has other meanings as well: how its message reads when it is the answer
 */
export function read<S extends Service, O extends ReadOperation<S>, T, A = never>(
  service: ServiceDefinition<S>,
  operation: O,
  input: InputOf<S, O>,
  seen: (answer: Output<S, O>) => T,
  absent: Readonly<Record<string, A>> = {},
  says: RegExp = /^/,
): Looking<T | A> {
  return {
    calls: [callOf(service, operation, { ofOne: true })],
    async at(aws, target) {
      try {
        return seen(await aws.read(service.id, operation, input(target.id, target, aws)))
      } catch (error) {
        const isAnswer = error instanceof AwsError && Object.hasOwn(absent, error.code)
        if (isAnswer && says.test(error.message)) return absent[error.code]
        if (isGone(error)) return undefined
        throw error
      }
    },
  }
}

/**
 * A list that is asked for the resource by a filter, so that the looks of many runs are sent as one call where the
 * service says how they are joined.
 * @param found the resource among the items; undefined: it is gone
 */
export function listed<
  S extends Service,
  O extends ReadOperation<S>,
  F extends keyof Output<S, O> & string,
  T,
>(
  service: ServiceDefinition<S>,
  operation: O,
  field: F,
  input: InputOf<S, O>,
  found: (items: Items<S, O, F>, id: string, target: Target) => T | undefined,
): Looking<T> {
  return {
    calls: [callOf(service, operation, {})],
    async at(aws, target) {
      try {
        const items = await aws.list(service.id, operation, input(target.id, target, aws), field)
        return found(items, target.id, target)
      } catch (error) {
        if (isGone(error)) return undefined
        throw error
      }
    },
  }
}

/**
 * A read that nothing is decided by, only told: undefined where it fails, which is a warning of the run.
 * @param seen what is wanted of the answer
 */
export function optionally<S extends Service, O extends ReadOperation<S>, T>(
  service: ServiceDefinition<S>,
  operation: O,
  input: InputOf<S, O>,
  seen: (answer: Output<S, O>) => T,
): Looking<{ told?: T }> {
  return {
    calls: [callOf(service, operation, { isOptional: true })],
    async at(aws, target) {
      const answer = await aws.optional(service.id, operation, input(target.id, target, aws))
      return answer === undefined ? {} : { told: seen(answer) }
    },
  }
}

/** A look whose actions know no resource in IAM, although it asks for one: granted on `*`. */
export function onAll<T>(look: Looking<T>): Looking<T> {
  return { ...look, calls: look.calls.map((call) => ({ ...call, ofOne: false })) }
}

/** Several looks at one resource, side by side: it is gone where one of them says so. */
export function allOf<T extends Record<string, unknown>>(
  looks: {
    [K in keyof T]: Looking<T[K]>
  },
): Looking<T> {
  const entries = Object.entries<Looking<unknown>>(looks)
  return {
    calls: entries.flatMap(([, look]) => look.calls),
    async at(aws, target) {
      const seen = await Promise.all(
        entries.map(async ([name, look]) => [name, await look.at(aws, target)] as const),
      )
      if (seen.some(([, each]) => each === undefined)) return undefined
      return Object.fromEntries(seen) as T
    },
  }
}

function callOf<S extends Service, O extends ReadOperation<S>>(
  service: ServiceDefinition<S>,
  operation: O,
  how: Partial<Pick<LookCall, 'ofOne' | 'isOptional'>>,
): LookCall {
  const own = service as ServiceDefinition
  return { service: own, action: iamActionOf(own, operation), ofOne: false, isOptional: false, ...how }
}
