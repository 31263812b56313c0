import { describe, expect, test } from '@jest/globals'
import { playbooks, services } from '../../playbooks/index.ts'
import { Services } from '../../src/aws/services.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { wildcard } from '../../src/playbook/matchers.ts'
import { writePermissions } from '../../src/playbook/permissions.ts'
import { fillArn } from '../../src/playbook/playbook.ts'
import { faultsOf } from '../support/service-authorization.ts'
import { newWorld, start } from './simulated-world.ts'
import { WORK } from './work-per-playbook.ts'

/** What AWS asks for: tags given with a new resource are a permission of their own beside that of the call. */
function needed({ service, operation, input }: ApiCall): string[] {
  const action = new Services(services).iamAction({ service, operation })
  return 'TagSpecifications' in input ? [action, 'ec2:CreateTags'] : [action]
}

describe.each(WORK.map((work) => [work.name, work] as const))('%s', (_name, { policy, arrange }) => {
  test('names for each step the permissions that its call needs, and those are what its playbook declares', async () => {
    const world = newWorld(policy)
    const { ask } = await arrange(world)
    await ask(start(world, { answer: () => ({ kind: 'approve' }) }))
    const runs = (await world.store.list()).filter(({ changedAt }) => changedAt !== undefined)
    const steps = runs.flatMap((run) => (run.plan?.steps ?? []).map((step) => ({ run, step })))
    expect(steps.length).toBeGreaterThan(0)
    for (const { run, step } of steps) {
      const playbook = playbooks.find(({ id }) => id === run.playbook)!
      const place = { partition: run.partition, region: run.region, account: run.account, id: run.target.id }
      const declared = writePermissions(playbook).map(
        ({ action, resource }) => `${action} ${fillArn(resource, place)}`,
      )
      const named = step.permissions.map(({ action, resource }) => `${action} ${resource}`)
      expect(named.filter((one) => !declared.some((pattern) => wildcard(pattern, one)))).toEqual([])
      expect(step.permissions.map(({ action }) => action)).toEqual(expect.arrayContaining(needed(step.call)))
      const grants = step.permissions.map(({ action, resource }) => ({
        actions: [action],
        resources: [resource],
        conditionKeys: [],
      }))
      expect(await faultsOf(grants)).toEqual([])
    }
  })
})
