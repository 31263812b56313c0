import { describe, expect, test } from '@jest/globals'
import { Deployment } from '../lambda/simulated-deployment.ts'
import { arn, as, asked, openGroup, refusal, terms } from './approval-scenes.ts'
import { Life } from './killed-process.ts'
import { AUTO, commonPortsOpen, policyOf, sshOpen, start, type World } from './simulated-world.ts'

const SENIORS = `{ approvers: ["${arn('senior-*')}"], quorum: 2 }`
const PROD = `version: 1
rules:
  - when: { tags: { environment: prod } }
    mode: approve
    approval: ${SENIORS}
  - mode: approve
`
function becomesProd({ aws }: World): void {
  aws.groups.groups.get('sg-0web')!.Tags = [{ Key: 'environment', Value: 'prod' }]
}
const deployed = (policy: string) => (world: World) => {
  world.policy = policyOf(policy)
}

describe('terms of approval that became stricter between the question and the claim', () => {
  test.each<[string, string, (world: World) => void]>([
    ['by a tag of the resource', PROD, becomesProd],
    ['by a policy that was deployed', terms('{ quorum: 1 }'), deployed(terms(SENIORS))],
    [
      'in who may approve alone',
      terms('{ quorum: 1 }'),
      deployed(terms(`{ approvers: ["${arn('senior-*')}"] }`)),
    ],
    ['in how many it takes alone', terms('{ quorum: 1 }'), deployed(terms('{ quorum: 2 }'))],
  ])('%s: it is asked again under them, and nothing is changed', async (_, policy, change) => {
    const world = openGroup(policy)
    const { id, plan } = await asked(world)
    change(world)
    const { runs } = await as(world, 'junior').approve(id, {})

    expect(runs).toMatchObject([
      {
        id,
        state: 'waiting',
        waitingFor: 'approval',
        round: 2,
        reason: expect.stringContaining('asked again'),
      },
    ])
    expect(runs[0]?.plan?.hash).toBe(plan!.hash)
    expect(world.aws.changes()).toEqual([])
  })

  test('runs once those have approved it who may', async () => {
    const world = openGroup(PROD)
    const { id } = await asked(world)
    becomesProd(world)
    await as(world, 'junior').approve(id, {})
    await refusal(as(world, 'junior').approve(id, {}))
    await as(world, 'senior-ann').approve(id, {})

    expect((await as(world, 'senior-bob').approve(id, {})).runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('in a deployment: it is asked again as well', async () => {
    const world = openGroup(PROD)
    const deployment = new Deployment(world)
    await deployment.findings(sshOpen(world, 'sg-0web'))
    await deployment.invoke()
    const [run] = await world.store.list()
    becomesProd(world)
    const decision = {
      verdict: 'approve' as const,
      by: arn('junior'),
      at: world.clock.iso(),
      hash: run!.plan!.hash,
    }
    await world.store.decide(run!.id, decision, world.clock.now())
    await deployment.waker(new Life()).now(run!, 'decision', run!.revision)
    await deployment.invoke()

    expect(await world.store.get(run!.id)).toMatchObject({
      state: 'waiting',
      round: 2,
      approval: { quorum: 2 },
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('and are met by who has approved already: it runs', async () => {
    const world = openGroup(PROD.replace('quorum: 2', 'quorum: 1'))
    const { id } = await asked(world)
    becomesProd(world)

    expect((await as(world, 'senior-ann').approve(id, {})).runs).toMatchObject([
      { outcome: 'remediated', round: 1 },
    ])
  })
})

describe('terms of approval that only became looser', () => {
  test.each([
    ['change nothing for approvals that met the stricter ones', terms('{ quorum: 1 }')],
    ['change nothing where the rule would now ask nobody', AUTO],
  ])('%s', async (_, policy) => {
    const world = openGroup(terms(SENIORS))
    const { id } = await asked(world)
    await as(world, 'senior-ann').approve(id, {})
    world.policy = policyOf(policy)

    expect((await as(world, 'senior-bob').approve(id, {})).runs).toMatchObject([
      { outcome: 'remediated', round: 1 },
    ])
  })

  test('because the rule would now ask nobody leave a changed plan to those who were asked', async () => {
    const world = openGroup(terms(SENIORS))
    world.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    const { id } = await asked(world)
    world.policy = policyOf(AUTO)
    await start(world).engine.handle([commonPortsOpen(world, 'sg-0web')], 'apply')

    expect(await world.store.get(id)).toMatchObject({
      state: 'waiting',
      round: 2,
      mode: 'approve',
      approval: { quorum: 2, approvers: [arn('senior-*')] },
    })
  })
})
