import { describe, expect, test } from '@jest/globals'
import * as config from '../../playbooks/config/client.ts'
import * as ec2 from '../../playbooks/ec2/client.ts'
import { playbooks } from '../../playbooks/index.ts'
import * as s3 from '../../playbooks/s3/client.ts'
import * as ssm from '../../playbooks/ssm/client.ts'
import * as wafv2 from '../../playbooks/wafv2/client.ts'
import { iamAction, type Service } from '../../src/playbook/api.ts'

const clients: Partial<Record<Service, object>> = { config, ec2, ssm, wafv2, s3 }
const declared = [
  ...new Set(playbooks.flatMap(({ reads, writes }) => [...reads, ...writes.map(({ action }) => action)])),
]

/** The actions of the operations that a client module exports. */
function actionsOf(service: Service): string[] {
  const operations = Object.keys(clients[service] ?? {}).flatMap(
    (name) => name.match(/^(.+)Command$/)?.[1] ?? [],
  )
  return operations.map((operation) => iamAction(service, operation)).sort()
}

describe('the client of a service', () => {
  test.each(Object.keys(clients) as Service[])(
    '%s has the operations that the playbooks declare, and carries no other into a bundle',
    (service) => {
      const wanted = declared.filter((action) => action.startsWith(`${service}:`))
      expect(actionsOf(service)).toEqual(wanted.sort())
      expect(clients[service]).toHaveProperty('Client')
    },
  )

  test('is there for every service that a playbook declares', () => {
    expect(declared.filter((action) => !(action.split(':')[0]! in clients))).toEqual([])
  })
})
