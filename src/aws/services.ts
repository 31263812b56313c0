import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { defineService, iamActionOf, type ServiceDefinition } from '../playbook/service/service.ts'

declare global {
  interface RectifyServices {
    organizations: typeof import('@aws-sdk/client-organizations')
    cloudformation: typeof import('@aws-sdk/client-cloudformation')
  }
}

/** An operation of a service. */
export type Called = Pick<ApiCall, 'service' | 'operation'>

/** Whom the engine is, and whom it becomes: whatever playbooks there are. */
const STS = defineService({ id: 'sts', load: () => import('./own-services/sts.ts') })

/** Where accounts stand, for rules that ask. It is asked at one endpoint of its partition, whatever the region. */
const ORGANIZATIONS = defineService({
  id: 'organizations',
  load: () => import('./own-services/organizations.ts'),
  errors: {
    gone: ['AccountNotFoundException', 'ChildNotFoundException', 'TargetNotFoundException'],
    retryable: ['ServiceException'],
  },
})

/** Stacks in which resources stand, for policies that go by their tags. */
const CLOUDFORMATION = defineService({
  id: 'cloudformation',
  load: () => import('./own-services/cloudformation.ts'),
})

/** What is known of the services that may be called. */
export class Services {
  readonly #byId: ReadonlyMap<string, ServiceDefinition>

  constructor(services: readonly ServiceDefinition[]) {
    this.#byId = new Map(
      [STS, ORGANIZATIONS, CLOUDFORMATION, ...services].map((service) => [service.id, service]),
    )
  }

  /** Throws `AwsError`, code `UnknownService`, for one that nobody has defined. */
  of({ service, operation }: Called): ServiceDefinition {
    const found = this.#byId.get(service)
    if (found) return found
    const facts = { kind: 'final', code: 'UnknownService', action: `${service}:${operation}` } as const
    throw new AwsError(facts, `nobody defines ${service}: playbooks/${service}/service.ts is to`)
  }

  /** IAM action of a call. */
  iamAction(called: Called): string {
    return iamActionOf(this.of(called), called.operation)
  }

  /** Whether AWS can be asked to only check the call. */
  dryRunnable(called: Called): boolean {
    return isAmong(this.of(called).dryRun ?? [], called.operation)
  }

  /** The read with everything in its answer: what is hidden is there all the same, and would be taken for absent. */
  withManaged<C extends ApiCall>(call: C): C {
    if (!isAmong(this.of(call).hidesManaged ?? [], call.operation)) return call
    return { ...call, input: { ...call.input, IncludeManagedResources: true } }
  }
}

function isAmong(operations: readonly string[], operation: string): boolean {
  return operations.includes(operation)
}

/** What a table of a service says of an operation. */
export function entryOf<T>(
  table: Readonly<Record<string, T | undefined>> | undefined,
  operation: string,
): T | undefined {
  return table && Object.hasOwn(table, operation) ? table[operation] : undefined
}
