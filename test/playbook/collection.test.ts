import { describe, expect, test } from '@jest/globals'
import { ours, playbooks } from '../../playbooks/index.ts'
import { Services } from '../../src/aws/services.ts'
import { together } from '../../src/playbook/service/collection.ts'
import { defineService } from '../../src/playbook/service/service.ts'

/** As a user's own folder would have it: the types of its client come with it. */
declare global {
  interface RectifyServices {
    eventbridge: typeof import('@aws-sdk/client-eventbridge')
  }
}
const eventbridge = defineService({
  id: 'eventbridge',
  client: '@aws-sdk/client-eventbridge',
  load: () => import('@aws-sdk/client-eventbridge'),
  iamPrefix: 'events',
})

describe('collections together', () => {
  test('are all playbooks and services, in order, a shared service once', () => {
    const mine = { playbooks: [], services: [...ours.services.slice(0, 1), eventbridge] }
    const { playbooks: all, services } = together(ours, mine)
    expect(all).toEqual(playbooks)
    expect(services).toEqual([...ours.services, eventbridge])
  })

  test('have no playbook and no service twice', () => {
    const again = { playbooks: playbooks.slice(0, 1), services: [] }
    expect(() => together(ours, again)).toThrow(`two playbooks are called ${playbooks[0]!.id}`)
    const other = { playbooks: [], services: [{ ...ours.services[0]! }] }
    expect(() => together(ours, other)).toThrow(`two services are called ${ours.services[0]!.id}`)
  })
})

describe('a service that nobody in src knows', () => {
  const services = new Services([eventbridge])

  test('has its own names of actions', () => {
    expect(services.iamAction({ service: 'eventbridge', operation: 'PutRule' })).toBe('events:PutRule')
  })

  test('is told how to be made known while it is not', () => {
    const ask = () => new Services([]).iamAction({ service: 'eventbridge', operation: 'PutRule' })
    expect(ask).toThrow('define it in playbooks/eventbridge/service.ts')
  })
})
