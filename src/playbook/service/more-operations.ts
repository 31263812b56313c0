import type { Service } from '../api.ts'
import { madeBy } from './made-by.ts'
import type { ServiceDefinition } from './service.ts'

/** Operations of a service that is there already, beside those that its folder takes from the SDK. */
export interface MoreOperations {
  /** Id of the service. */
  service: Service
  load(): Promise<object>
}

/**
 * A bundle has of each client what its playbooks call, and no more (the whole one of EC2 is 1.1 MB). A playbook of your own
 * that calls something else adds the command.
 * @param load imports a file that exports it
 *
 * @example
 * // own/operations/ec2.ts
 * export { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2'
 * // own/protect-instance.ts
 * export const calls = moreOperations(ec2, () => import('./operations/ec2.ts'))
 */
export function moreOperations<S extends Service>(
  service: Pick<ServiceDefinition<S>, 'id'>,
  load: () => Promise<object>,
): MoreOperations {
  return madeBy('moreOperations', { service: service.id, load })
}

/** The service with operations from each of these, too. */
export function withOperations(
  service: ServiceDefinition,
  more: readonly MoreOperations[],
): ServiceDefinition {
  if (more.length === 0) return service
  const load = async () => {
    const [own, ...others] = await Promise.all([service.load(), ...more.map((each) => each.load())])
    return { ...Object.assign({}, ...others), ...own }
  }
  return { ...service, load }
}
