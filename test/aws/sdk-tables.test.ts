import { describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { Services } from '../../src/aws/services.ts'
import { isRead } from '../../src/playbook/api.ts'

/** The SDK's own schemas: `[9, namespace, name, traits, input, output]` and `[3, namespace, name, traits, members, ...]`. */
type Schema = [number, string, string, unknown, unknown, unknown]
const modules: Record<string, Record<string, unknown>> = {}
// One after the other: Jest waits for ever for modules that are loaded at once and share others.
for (const { id, client } of services) modules[id] = await import(client)

function membersOf(service: string, operation: string, side: 'input' | 'output'): string[] {
  const schema = modules[service]?.[`${operation}$`] as Schema | undefined
  if (!schema) throw new Error(`the SDK knows no ${service}:${operation}`)
  const ref = schema[side === 'input' ? 4 : 5]
  const shape = (typeof ref === 'function' ? ref() : ref) as Schema | 'unit'
  return Array.isArray(shape) && Array.isArray(shape[4]) ? (shape[4] as string[]) : []
}

const namesIn = (service: string): string[] =>
  Object.keys(modules[service] ?? {})
    .filter((name) => name.endsWith('Command') && `${name.slice(0, -7)}$` in modules[service]!)
    .map((name) => name.slice(0, -7))

/** One row per operation that a table of a service names. */
function rows<T>(table: (service: (typeof services)[number]) => Readonly<Record<string, T | undefined>>) {
  return services.flatMap((service) =>
    Object.entries(table(service)).flatMap(([operation, entry]) =>
      entry === undefined ? [] : [[service.id, operation, entry] as const],
    ),
  )
}

describe('what a service says of its operations agrees with the SDK', () => {
  test.each(services.map((service) => [service.id, service] as const))(
    '%s: exactly the reads whose input has IncludeManagedResources are asked to include them',
    (id, { hidesManaged = [] }) => {
      const asked = namesIn(id).filter((operation) =>
        membersOf(id, operation, 'input').includes('IncludeManagedResources'),
      )
      expect([...hidesManaged]).toEqual(asked.sort())
    },
  )

  test.each(services.map((service) => [service.id, service] as const))(
    '%s: exactly the changes in client.ts whose input has DryRun are dry-runnable',
    async (id, service) => {
      const known = new Services(services)
      const commands = Object.keys(await service.load()).flatMap(
        (name) => name.match(/^(.+)Command$/)?.[1] ?? [],
      )
      expect(commands.length).toBeGreaterThan(0)
      const changes = commands.filter((operation) => !isRead(operation))
      const wrong = changes.filter(
        (operation) =>
          known.dryRunnable({ service: id, operation }) !==
          membersOf(id, operation, 'input').includes('DryRun'),
      )
      expect(wrong).toEqual([])
      for (const operation of service.dryRun ?? [])
        expect(membersOf(id, operation, 'input')).toContain('DryRun')
    },
  )

  test.each(rows(({ pages = {} }) => pages))(
    '%s:%s takes the page size that we ask for',
    (service, operation, { field, without }) => {
      const members = membersOf(service, operation, 'input')
      expect(members).toContain(field)
      if (without) expect(members).toContain(without)
    },
  )

  test.each(rows(({ joinable = {} }) => joinable))(
    '%s:%s answers the list that we split',
    (service, operation, { items }) => {
      expect(membersOf(service, operation, 'output')).toContain(items)
    },
  )

  test.each(services.map((service) => [service.id, service] as const))(
    '%s: names of IAM actions are of operations that there are',
    (id, { iamActions = {} }) => {
      expect(Object.keys(iamActions).filter((operation) => !namesIn(id).includes(operation))).toEqual([])
    },
  )
})
