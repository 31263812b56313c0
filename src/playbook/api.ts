/**
 * AWS API calls as data, typed by the SDK's own input and output types. Only types are imported, so no client is loaded.
 * STS is the engine's own; every other service adds itself, in the `service.ts` of its folder:
 *
 * @example
 * declare global {
 *   interface RectifyServices {
 *     rds: typeof import('@aws-sdk/client-rds')
 *   }
 * }
 */
declare global {
  interface RectifyServices {
    sts: typeof import('@aws-sdk/client-sts')
  }
}

type Modules = RectifyServices

export type Service = keyof Modules

type CommandNames<M> = { [K in keyof M]: K extends `${infer Name}Command` ? Name : never }[keyof M]

/** The operation names of a service: 'DescribeSecurityGroups', 'RevokeSecurityGroupIngress' ... */
export type Operation<S extends Service = Service> = S extends Service
  ? CommandNames<Modules[S]> & string
  : never

type CommandOf<S extends Service, O> = `${O & string}Command` extends infer K extends keyof Modules[S]
  ? Modules[S][K] extends abstract new (
      ...args: never[]
    ) => infer C
    ? C
    : never
  : never

/** What the SDK takes for an operation. */
export type Input<S extends Service, O extends Operation<S>> =
  CommandOf<S, O> extends { readonly input: infer I } ? I : never

/** What the SDK answers for an operation. */
export type Output<S extends Service, O extends Operation<S>> =
  CommandOf<S, O> extends {
    resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer R }>
  }
    ? R
    : never

/** One call as plain data: what a plan holds, what goes on the wire. */
export interface ApiCall {
  service: Service
  operation: string
  input: Record<string, unknown>
}

/** An `ApiCall` whose input the compiler checks against the SDK. */
export function call<S extends Service, O extends Operation<S>>(
  service: S,
  operation: O,
  input: Input<S, O>,
): ApiCall {
  return { service, operation, input: input as Record<string, unknown> }
}

/** Operations that say what AWS would do, and do nothing. */
type Checks = 'SimulatePrincipalPolicy' | 'ValidatePolicy' | 'CheckNoPublicAccess'

/** Operations that ask what logs hold: they change nothing, and are charged by what is read for them. */
type Queries = 'StartQuery' | 'StopQuery'

/** Operations whose names begin so only read, and so do checks and queries. The reading port refuses all others. */
export type ReadOperation<S extends Service> = Extract<
  Operation<S>,
  `Describe${string}` | `Get${string}` | `List${string}` | `Lookup${string}` | Checks | Queries
>

export function isRead(operation: string): boolean {
  return /^(Describe|Get|List|Lookup)[A-Z]|^(SimulatePrincipalPolicy|ValidatePolicy|CheckNoPublicAccess|StartQuery|StopQuery)$/.test(
    operation,
  )
}
