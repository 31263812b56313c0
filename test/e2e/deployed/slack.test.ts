import { CreateTagsCommand } from '@aws-sdk/client-ec2'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { commonPortsOpen, replaced } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { type Program, programIn } from '../program-in-sandbox.ts'
import { closed, STACK, waits, withDeployment } from './sandbox-deployment.ts'
import { buttonsOf, CALLER, type SlackScenes, saying, slackIn } from './slack-scenes.ts'

/** People decide in Slack: the deployed receiver and cards, the real client, a stand-in of Slack over HTTP. */

const POLICY = `version: 1
slack: { workspace: T0ACME }
people:
  - { name: ann, slack: U0ANN, iam: ["${CALLER}"] }
rules:
  - when: { type: RESTRICTED_INCOMING_TRAFFIC, tags: { team: two } }
    mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL, ann], quorum: 2, expiresAfter: 1h }
  - when: { type: RESTRICTED_INCOMING_TRAFFIC }
    mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL], expiresAfter: 1h }
  - mode: auto
`
const deployed = withDeployment({ policy: () => POLICY, slack: true })
let plant: Planter
let person: Program
let scenes: SlackScenes
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
  person = programIn(deployed().sandbox, { policy: 'none' })
  scenes = slackIn(deployed())
})

const asks = (card: Parameters<typeof buttonsOf>[0]) =>
  buttonsOf(card).some(({ action_id }) => action_id === 'approve')

/** A group whose port 3306 is open, and the run that waits for a word on it. */
async function asked(tags: Record<string, string> = {}): Promise<{ group: string; run: Run }> {
  const group = await plant.group({ source: '0.0.0.0/0', port: 3306 })
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  if (Tags.length > 0) await plant.ec2.send(new CreateTagsCommand({ Resources: [group], Tags }))
  await deployed().detect(commonPortsOpen(group))
  return { group, run: await deployed().runWith(group, waits) }
}

describe('a plan that waits for approval', () => {
  test('stands in the channel, is carried out by one click, and its card ends with the proof and an undo', async () => {
    const { group, run } = await asked()
    const card = await scenes.cardWith(run, asks)
    const { hash } = run.plan!
    expect(saying(card)).toContain(hash.slice(0, 8))
    expect(buttonsOf(card).map(({ action_id, value }) => [action_id, value])).toEqual(
      ['approve', 'decline', 'exempt', 'details'].map((id) => [id, `${run.id}:${hash}`]),
    )
    expect(deployed().changesOf(group)).toEqual([])

    expect(await scenes.press('ben', card, 'approve')).toMatchObject({ status: 200 })
    const done = await deployed().runWith(group, closed)
    expect(done).toMatchObject({ outcome: 'remediated', decisions: [{ by: 'slack:T0ACME:U0BEN', hash }] })
    expect(await plant.ingress(group)).toEqual([])

    const end = await scenes.cardWith(run, (now) =>
      buttonsOf(now).some(({ action_id }) => action_id === 'undo'),
    )
    expect(scenes.cardsOf(run)).toHaveLength(1)
    expect(saying(end)).toContain('<@U0BEN>')

    expect(await scenes.press('ann', end, 'undo')).toMatchObject({ status: 200 })
    await deployed().runWith(group, ({ outcome }) => outcome === 'undone')
    expect(await plant.ingress(group)).toHaveLength(1)
    await scenes.cardWith(run, (now) => !buttonsOf(now).some(({ action_id }) => action_id === 'undo'))
  })

  test('is not decided by those who are not asked, and they alone are told', async () => {
    const { group, run } = await asked()
    const card = await scenes.cardWith(run, asks)
    for (const user of ['cho', 'guest', 'gone', 'stranger']) {
      const before = scenes.whispers(user).length
      expect(await scenes.press(user, card, 'approve')).toMatchObject({ status: 200 })
      expect(scenes.whispers(user).length).toBe(before + 1)
    }
    const now = await deployed().store.get(run.id)
    expect(now).toMatchObject({ waitingFor: 'approval', decisions: [] })
    expect(deployed().changesOf(group)).toEqual([])
    // Nobody has to answer the others' cards: this one is declined.
    expect(await scenes.press('ann', card, 'decline')).toMatchObject({ status: 200 })
    await deployed().runWith(group, ({ outcome }) => outcome === 'declined')
    await scenes.cardWith(run, (shown) => !asks(shown))
  })

  test('that takes two people is not approved by one, however she speaks', async () => {
    const { group, run } = await asked({ team: 'two' })
    const card = await scenes.cardWith(run, asks)
    await scenes.press('ann', card, 'approve')
    await scenes.press('ann', card, 'approve')
    const { status } = await person.report('approve', run.id, '--yes', ...STACK)
    expect(status).toBe(3)
    expect(await deployed().store.get(run.id)).toMatchObject({
      state: 'waiting',
      decisions: [{ person: 'ann' }],
    })
    await scenes.cardWith(run, (now) => saying(now).includes('1 of 2'))
    await scenes.press('ben', card, 'approve')
    expect(await deployed().runWith(group, closed)).toMatchObject({ outcome: 'remediated' })
  })

  test('is decided once where two people press at the same moment', async () => {
    const { group, run } = await asked()
    const card = await scenes.cardWith(run, asks)
    const answers = await Promise.all([
      scenes.press('ann', card, 'approve'),
      scenes.press('ben', card, 'decline'),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const done = await deployed().runWith(group, closed)
    expect(done.decisions).toHaveLength(1)
    expect(['remediated', 'declined']).toContain(done.outcome)
    const told = [...scenes.whispers('ann'), ...scenes.whispers('ben')].filter((text) =>
      /already|decided/i.test(text),
    )
    expect(told.length).toBeGreaterThan(0)
  })

  test('that was approved on the command line loses its buttons in Slack, and the command line says where it was asked', async () => {
    const { group, run } = await asked({ team: 'two' })
    const card = await scenes.cardWith(run, asks)
    await scenes.press('ben', card, 'approve')
    const { status } = await person.report('approve', run.id, '--yes', ...STACK)
    expect(status).toBe(0)
    await deployed().runWith(group, closed)
    await scenes.cardWith(run, (now) => !asks(now))
    const { runs } = await person.report('runs', run.id, ...STACK)
    expect(runs).toMatchObject([
      {
        approvals: [
          { by: 'slack:T0ACME:U0BEN', via: 'slack', verdict: 'approve', hash: run.plan!.hash },
          { by: CALLER, person: 'ann', via: 'cli', verdict: 'approve' },
        ],
        card: { channel: 'C0SECOPS', ts: card.ts },
      },
    ])
  })

  test('is asked again on a new card when the resource has changed under it, and the old one leads there', async () => {
    const { group, run } = await asked()
    const card = await scenes.cardWith(run, asks)
    await plant.open(group, { source: '0.0.0.0/0', port: 3389 })
    await deployed().detect(
      replaced(commonPortsOpen(group), { '2026-11-20T09:14:27.361Z': '2026-11-20T10:14:27.361Z' }),
    )
    await scenes.press('ann', card, 'approve')
    const again = await deployed().runWith(group, (now) => waits(now) && now.plan?.hash !== run.plan?.hash)
    const next = await scenes.cardWith(run, (now) => now.ts !== card.ts && asks(now))
    expect(saying(next)).toContain(again.plan!.hash.slice(0, 8))
    await scenes.press('ben', next, 'approve')
    expect(await deployed().runWith(group, closed)).toMatchObject({ outcome: 'remediated' })
    const [old] = scenes.cardsOf(run)
    expect(asks(old!)).toBe(false)
  })
})
