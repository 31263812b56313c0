import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress } from '../../playbooks/ec2/close-open-ingress.ts'
import { planHash } from '../../src/playbook/plan.ts'
import { AUTO, newWorld, sshOpen, start } from './simulated-world.ts'

const STACK = { 'aws:cloudformation:stack-name': 'web', 'aws:cloudformation:logical-id': 'Sg' }

async function planned(tags: Record<string, string>, policy = AUTO) {
  const world = newWorld(policy)
  world.aws.groups.add('sg-0web', [{ id: 'sgr-ssh', from: 22, cidr: '0.0.0.0/0' }], { tags })
  const { engine } = start(world, { playbooks: [closeOpenIngress] })
  return (await engine.handle([sshOpen(world, 'sg-0web')], 'apply')).runs[0]!
}

describe('what somebody else manages', () => {
  test('is put right, and the plan says who may put it back and where it belongs', async () => {
    const { plan, outcome } = await planned({ ...STACK, 'kubernetes.io/cluster/blue': 'owned' })
    expect(outcome).toBe('remediated')
    expect(plan?.managedBy).toEqual({ by: 'cloudformation', where: 'CloudFormation stack web (Sg)' })
    expect(plan?.warnings).toEqual(
      expect.arrayContaining([
        'managed by CloudFormation stack web (Sg): change it there too, or the old value may come back',
        'managed by Kubernetes cluster blue: change it there too, or the old value may come back',
      ]),
    )
  })

  test('is the same change as if nobody did: what was approved stays approved', async () => {
    const [theirs, ours] = [(await planned(STACK)).plan!, (await planned({})).plan!]
    expect(ours).not.toHaveProperty('managedBy')
    expect(planHash(theirs)).toBe(planHash(ours))
  })

  test('waits for a person where a rule says so, and only there', async () => {
    const rules = `version: 1
rules:
  - { when: { managedBy: [cloudformation, terraform] }, mode: approve }
  - { mode: auto }
`
    expect(await planned(STACK, rules)).toMatchObject({ state: 'waiting', mode: 'approve' })
    expect(await planned({ managed_by: 'terraform' }, rules)).toMatchObject({ state: 'waiting' })
    expect(await planned({ environment: 'prod' }, rules)).toMatchObject({ outcome: 'remediated' })
  })
})
