import type { Input, Output, ReadOperation, Service } from '../api.ts'
import { AwsError, isGone } from '../aws-error.ts'
import type { Look } from '../inspection.ts'
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

/** What a look is for, and the parameters `P` of the playbook that looks. */
export interface Asked<P = unknown> extends Look {
  parameters: P
}

/** How something about one resource is read. */
export interface Looking<T, P = unknown> {
  calls: readonly LookCall[]
  /**
   * Undefined: the resource is gone.
   * @param asked left out by who only asks for the resource's own id
   */
  at(aws: Reader, target: Target, asked?: Asked<P>): Promise<T | undefined>
}

type Items<S extends Service, O extends ReadOperation<S>, F extends keyof Output<S, O>> =
  NonNullable<Output<S, O>[F]> extends (infer I)[] ? I[] : never

/**
 * Where a resource is asked for: its id, its target (the ARN is `target.resource`), the account that looks, and what the
 * look is for.
 */
type InputOf<S extends Service, O extends ReadOperation<S>> = (
  id: string,
  target: Target,
  aws: Reader,
  asked?: Asked,
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
    calls: [lookCall(service, operation, { ofOne: true })],
    async at(aws, target, asked) {
      try {
        return seen(await aws.read(service.id, operation, input(target.id, target, aws, asked)))
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
    calls: [lookCall(service, operation, {})],
    async at(aws, target, asked) {
      try {
        const items = await aws.list(service.id, operation, input(target.id, target, aws, asked), field)
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
    calls: [lookCall(service, operation, { isOptional: true })],
    async at(aws, target, asked) {
      const answer = await aws.optional(service.id, operation, input(target.id, target, aws, asked))
      return answer === undefined ? {} : { told: seen(answer) }
    },
  }
}

/** A look whose actions know no resource in IAM, although it asks for one: granted on `*`. */
export function onAll<T, P>(look: Looking<T, P>): Looking<T, P> {
  return { ...look, calls: look.calls.map((call) => ({ ...call, ofOne: false })) }
}

/** A look of which only the first one of a phase has need, to say what follows: a proof does not ask for it again. */
export function atFirst<T, P>(look: Looking<T, P>): Looking<{ told?: T }, P> {
  return {
    calls: look.calls,
    async at(aws, target, asked) {
      if (asked && !asked.first) return {}
      const told = await look.at(aws, target, asked)
      return told === undefined ? undefined : { told }
    },
  }
}

/**
 * A look that asks by what another one has seen: it is gone where either says so.
 * @param next made once to know what it calls: `seen` is there to be asked in its inputs and answers only
 */
export function followedBy<S, T, P>(
  first: Looking<S, P>,
  next: (seen: () => S) => Looking<T, P>,
): Looking<[S, T], P> {
  const unseen = () => {
    throw new TypeError('a look that follows another asks what that saw before it has looked')
  }
  return {
    calls: [...first.calls, ...next(unseen).calls],
    async at(aws, target, asked) {
      const seen = await first.at(aws, target, asked)
      if (seen === undefined) return undefined
      const further = await next(() => seen).at(aws, target, asked)
      return further === undefined ? undefined : [seen, further]
    },
  }
}
/** The target as it is, for what is decided by its name beside what a look gives: asks AWS nothing. */
export const itself: Looking<Target> = { calls: [], at: async (_aws, target) => target }

/** Several looks at one resource, side by side: it is gone where one of them says so. */
export function allOf<T extends Record<string, unknown>, P = unknown>(
  looks: {
    [K in keyof T]: Looking<T[K], P>
  },
): Looking<T, P> {
  const entries = Object.entries<Looking<unknown, P>>(looks)
  return {
    calls: entries.flatMap(([, look]) => look.calls),
    async at(aws, target, asked) {
      const seen = await Promise.all(
        entries.map(async ([name, look]) => [name, await look.at(aws, target, asked)] as const),
      )
      if (seen.some(([, each]) => each === undefined)) return undefined
      return Object.fromEntries(seen) as T
    },
  }
}

/** What a look calls that is no plain read of its own. */
export function lookCall<S extends Service, O extends ReadOperation<S>>(
  service: ServiceDefinition<S>,
  operation: O,
  how: Partial<Pick<LookCall, 'ofOne' | 'isOptional'>> = {},
): LookCall {
  const own = service as ServiceDefinition
  return { service: own, action: iamActionOf(own, operation), ofOne: false, isOptional: false, ...how }
}
