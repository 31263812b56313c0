import { describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { packageOf } from '../../scripts/generate/client-lists.ts'
import { GOES_ON, tokensOf } from '../../src/aws/pages.ts'
import { Services } from '../../src/aws/services.ts'
import { isRead } from '../../src/playbook/api.ts'

/** The SDK's own schemas: `[9, namespace, name, traits, input, output]` and `[3, namespace, name, traits, members, ...]`. */
type Schema = [number, string, string, unknown, unknown, unknown]
const modules: Record<string, Record<string, unknown>> = {}
// One after the other: Jest waits for ever for modules that are loaded at once and share others.
for (const service of services) modules[service.id] = await import(packageOf(service))

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

/** What `client.ts` takes from the SDK: nothing else can be called. */
async function commandsOf({ load }: (typeof services)[number]): Promise<string[]> {
  return Object.keys(await load()).flatMap((name) => name.match(/^(.+)Command$/)?.[1] ?? [])
}

/** Their dry run is answered as the change is, so that nobody could tell one that was carried out all the same. */
const OTHERWISE_DRY = new Set(['opensearch:UpdateDomainConfig'])

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
      const commands = await commandsOf(service)
      expect(commands.length).toBeGreaterThan(0)
      const changes = commands.filter(
        (operation) => !isRead(operation) && !OTHERWISE_DRY.has(`${id}:${operation}`),
      )
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

  test.each(services.map((service) => [service.id, service] as const))(
    '%s: the reads in client.ts go on by nothing but what is followed, and take it back',
    async (id, service) => {
      const known = new Services(services)
      for (const operation of (await commandsOf(service)).filter(isRead)) {
        const tokens = tokensOf(known, { service: id, operation, input: {} })
        const goesOn = membersOf(id, operation, 'output').filter((name) => GOES_ON.test(name))
        const requests = goesOn.map((name) => tokens.find(({ answer }) => answer === name)?.request ?? name)
        expect([operation, requests.length]).toEqual([operation, Math.min(goesOn.length, 1)])
        expect(membersOf(id, operation, 'input')).toEqual(expect.arrayContaining(requests))
        for (const name of goesOn) expect(tokens.map(({ answer }) => answer)).toContain(name)
      }
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
