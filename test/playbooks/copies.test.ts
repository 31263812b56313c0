import { expect, test } from '@jest/globals'
import * as copies from '../../playbooks/copies.ts'
import { playbooks, services } from '../../playbooks/index.ts'
import { iamActionOf } from '../../src/playbook/service/service.ts'

/** Reads that are about rules of AWS Config and calendars, and not about a resource. */
const OF_NO_RESOURCE = ['config:DescribeConfigRules']

test('each read of a playbook that changes something is copied for a twin, or says why it is not', () => {
  const said = new Set(
    Object.values(copies).flatMap(({ service, of }) => {
      const own = services.find(({ id }) => id === service)!
      return Object.keys(of).map((operation) => iamActionOf(own, operation))
    }),
  )
  const asked = playbooks.filter(({ writes }) => writes.length > 0).flatMap(({ reads }) => reads)
  expect(asked.length).toBeGreaterThan(100)
  expect(
    [...new Set(asked)].filter((read) => !said.has(read) && !OF_NO_RESOURCE.includes(read)).sort(),
  ).toEqual([])
})

test('copies are of services that playbooks call, each of one', () => {
  const of = Object.values(copies).map(({ service }) => service)
  expect(of.filter((id) => !services.some((each) => each.id === id))).toEqual([])
  expect(new Set(of).size).toBe(of.length)
})
