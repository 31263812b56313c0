import type { Input, Output, ReadOperation, Service } from '../api.ts'
import { AwsError, isGone } from '../aws-error.ts'
import type { Reader } from '../playbook.ts'
import { iamActionOf, type ServiceDefinition } from '../service/service.ts'

/** How something about one resource is read. */
export interface Looking<T> {
  service: ServiceDefinition
  /** IAM action of the read. */
  action: string
  /** Whether the read names the resource, so that it can be granted on its ARN; else it is granted on `*`. */
  ofOne: boolean
  /** Undefined: the resource is gone. */
  at(aws: Reader, id: string): Promise<T | undefined>
}

type Items<S extends Service, O extends ReadOperation<S>, F extends keyof Output<S, O>> =
  NonNullable<Output<S, O>[F]> extends (infer I)[] ? I[] : never

/**
 * One read that names the resource.
 * @param seen what is wanted of the answer
 * @param absent errors that are an answer: what each code says
 */
export function read<S extends Service, O extends ReadOperation<S>, T, A = never>(
  service: ServiceDefinition<S>,
  operation: O,
  input: (id: string) => Input<S, O>,
  seen: (answer: Output<S, O>) => T,
  absent: Readonly<Record<string, A>> = {},
): Looking<T | A> {
  return {
    service: service as ServiceDefinition,
    action: iamActionOf(service as ServiceDefinition, operation),
    ofOne: true,
    async at(aws, id) {
      try {
        return seen(await aws.read(service.id, operation, input(id)))
      } catch (error) {
        if (error instanceof AwsError && Object.hasOwn(absent, error.code)) return absent[error.code]
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
  input: (id: string) => Input<S, O>,
  found: (items: Items<S, O, F>, id: string) => T | undefined,
): Looking<T> {
  return {
    service: service as ServiceDefinition,
    action: iamActionOf(service as ServiceDefinition, operation),
    ofOne: false,
    at: async (aws, id) => found(await aws.list(service.id, operation, input(id), field), id),
  }
}
