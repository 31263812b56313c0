import { services } from '../../playbooks/index.ts'
import type { ClientConfig } from '../../src/sandbox/client-config.ts'
import type { Wire } from '../playbooks/setting-table.ts'

interface Client {
  send(command: object): Promise<never>
}

/** AWS over the wire by the whole clients of the SDK: for what playbooks never call, as making a resource. */
export function wireTo(config: ClientConfig, account: string): Wire {
  const clients = new Map<string, Promise<{ client: Client; commands: Record<string, unknown> }>>()
  async function opened(id: string) {
    const service = services.find((each) => each.id === id)
    if (!service) throw new TypeError(`no playbook calls ${id}`)
    const [{ Client }, commands] = await Promise.all([
      service.load() as Promise<{ Client: new (config: object) => Client }>,
      import(service.client ?? `@aws-sdk/client-${id}`),
    ])
    return { client: new Client({ ...config, ...service.atEndpoint }), commands }
  }
  return {
    account,
    region: config.region,
    async send(id, operation, input) {
      if (!clients.has(id)) clients.set(id, opened(id))
      const { client, commands } = await clients.get(id)!
      const Command = commands[`${operation}Command`] as new (input: unknown) => object
      return client.send(new Command(input))
    },
  }
}
