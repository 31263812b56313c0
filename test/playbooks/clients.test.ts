import { describe, expect, test } from '@jest/globals'
import { playbooks, services } from '../../playbooks/index.ts'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { iamActionOf } from '../../src/playbook/service/service.ts'

const declared = [
  ...new Set([
    ...playbooks.flatMap(({ reads, writes }) => [...reads, ...writes.map(({ action }) => action)]),
    ...DETECTORS.flatMap(({ needs }) => needs.map(({ action }) => action)),
  ]),
]

describe('the client of a service', () => {
  test.each(services.map((service) => [service.id, service] as const))(
    '%s has the operations that playbooks and detectors declare, and carries no other into a bundle',
    async (id, service) => {
      const module = await service.load()
      const operations = Object.keys(module).flatMap((name) => name.match(/^(.+)Command$/)?.[1] ?? [])
      const actions = operations.map((operation) => iamActionOf(service, operation))
      const wanted = declared.filter((action) => action.startsWith(`${service.iamPrefix ?? id}:`))
      expect([...new Set(actions)].sort()).toEqual(wanted.sort())
      expect(module).toHaveProperty('Client')
    },
  )

  test('is there for every service that a playbook declares', () => {
    const prefixes = services.map(({ id, iamPrefix = id }) => iamPrefix)
    expect(declared.filter((action) => !prefixes.includes(action.split(':')[0]!))).toEqual([])
  })
})
