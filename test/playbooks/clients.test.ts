import { describe, expect, test } from '@jest/globals'
import { playbooks, services } from '../../playbooks/index.ts'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { CALENDAR_READ } from '../../src/engine/rails/calendars.ts'
import { REHEARSAL_NEEDS } from '../../src/engine/rehearsing/rehearsal-needs.ts'
import { VPC_NEEDS } from '../../src/engine/tags/tagged-places.ts'
import { TRAIL_NEEDS } from '../../src/engine/trail/trail.ts'
import { iamActionOf } from '../../src/playbook/service/service.ts'

/** What AWS asks of the caller besides, for a call of another service: nobody calls it. */
const NO_CALL = ['iam:PassRole', 'logs:CreateLogDelivery', 'logs:DeleteLogDelivery']

const declared = [
  ...new Set([
    ...playbooks.flatMap(({ reads, writes }) => [...reads, ...writes.map(({ action }) => action)]),
    ...DETECTORS.flatMap(({ needs }) => needs.map(({ action }) => action)),
    CALENDAR_READ,
    ...[...VPC_NEEDS, ...TRAIL_NEEDS, ...REHEARSAL_NEEDS].map(({ action }) => action),
  ]),
]

const prefixOf = ({ id, iamPrefix = id }: (typeof services)[number]) => iamPrefix

/** IAM actions of what a service's client carries. */
async function carriedBy(service: (typeof services)[number]): Promise<string[]> {
  const operations = Object.keys(await service.load()).flatMap(
    (name) => /^(.+)Command$/.exec(name)?.[1] ?? [],
  )
  return [...new Set(operations.map((operation) => iamActionOf(service, operation)))]
}

describe('the client of a service', () => {
  test.each(services.map((service) => [service.id, service] as const))(
    '%s has the operations that the playbooks and detectors declare, and carries no other into a bundle',
    async (_id, service) => {
      const alike = services.filter((each) => prefixOf(each) === prefixOf(service))
      const carried = (await Promise.all(alike.map(carriedBy))).flat()
      const wanted = declared.filter(
        (action) => action.startsWith(`${prefixOf(service)}:`) && !NO_CALL.includes(action),
      )
      // Each action once: of two services with one prefix, one has it.
      expect(carried.sort()).toEqual(wanted.sort())
      expect(await service.load()).toHaveProperty('Client')
    },
  )

  test('is there for every service that a playbook declares', () => {
    const prefixes = services.map(({ id, iamPrefix = id }) => iamPrefix)
    expect(declared.filter((action) => !prefixes.includes(action.split(':')[0]!))).toEqual([])
  })
})
