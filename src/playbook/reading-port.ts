import type { Input, Output, ReadOperation, Service } from './api.ts'

/** What AWS Config is asked about the rule of a finding, for whichever playbook may answer it. */
export const RULE_READ = 'config:DescribeConfigRules'

/**
 * The reading port. It accepts only operations that read, by type and at run time, and only those that the
 * playbook declares. Reads of many runs that differ only in ids are sent as one call. What AWS services manage is
 * always asked for, although the account may hide it.
 *
 * Errors: `AwsError` with its kind. A failing required read ends the run `failed`.
 */
export interface Reader {
  readonly account: string
  readonly region: string
  readonly partition: string
  /** The same port in another region of the account. */
  at(region: string): Reader
  /** One answer. */
  read<S extends Service, O extends ReadOperation<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O>>
  /** All items of a list field of the answer, from all pages. */
  list<S extends Service, O extends ReadOperation<S>, F extends keyof Output<S, O> & string>(
    service: S,
    operation: O,
    input: Input<S, O>,
    field: F,
  ): Promise<NonNullable<Output<S, O>[F]> extends (infer I)[] ? I[] : never>
  /**
   * A read whose failure is only a warning: tried twice, its result kept for the process per account, region and
   * input. Undefined when it failed.
   */
  optional<S extends Service, O extends ReadOperation<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O> | undefined>
}
