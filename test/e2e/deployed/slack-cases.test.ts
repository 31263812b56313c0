import { CreateTagsCommand } from '@aws-sdk/client-ec2'
import { beforeAll, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { commonPortsOpen } from '../detected-events.ts'
import { type PlantedRule, type Planter, plantIn } from '../planted-resources.ts'
import { type Program, programIn } from '../program-in-sandbox.ts'
import { closed, STACK, waits, withDeployment } from './sandbox-deployment.ts'
import { buttonsOf, CALLER, type SlackScenes, saying, slackIn } from './slack-scenes.ts'

/** What goes wrong where people approve in chats, tried with the deployed receiver and cards. */

const approval = (more: string) => `{ channel: C0SECOPS, approvers: [S0ONCALL, ann], ${more} }`
const rule = (team: string, more: string) => `
  - when: { type: RESTRICTED_INCOMING_TRAFFIC, tags: { team: ${team} } }
    mode: approve
    approval: ${approval(more)}`
const POLICY = `version: 1
slack: { workspace: T0ACME }
people:
  - { name: ann, slack: U0ANN, iam: ["${CALLER}"] }
rules:${rule('two', 'quorum: 2, expiresAfter: 1h')}${rule('quick', 'expiresAfter: PT6S')}${rule('one', 'expiresAfter: 1h')}
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

const boundTo = ({ id, plan }: Run) => `${id}:${plan?.hash}`
const OPEN: PlantedRule = { source: '0.0.0.0/0', port: 3306 }

/** Open groups of a team, told at the same moment, and the run of each that waits for a word. */
async function asked(team: string, ...groups: PlantedRule[][]): Promise<{ group: string; run: Run }[]> {
  const made = await Promise.all(groups.map((rules) => plant.group(...rules)))
  await plant.ec2.send(new CreateTagsCommand({ Resources: made, Tags: [{ Key: 'team', Value: team }] }))
  await deployed().detect(...made.map((group) => commonPortsOpen(group)))
  return Promise.all(made.map(async (group) => ({ group, run: await deployed().runWith(group, waits) })))
}

async function askedOne(team: string, rules: PlantedRule[]): Promise<{ group: string; run: Run }> {
  const [only] = await asked(team, rules)
  return only!
}

const has = (action: string, run: Run) => (card: Parameters<typeof buttonsOf>[0]) =>
  buttonsOf(card).some(({ action_id, value }) => action_id === action && value.includes(boundTo(run)))

test('a click after the end of the wait decides nothing, and the card comes to say that nobody decided in time', async () => {
  const { group, run } = await askedOne('quick', [OPEN])
  const card = await scenes.cardWith(run, has('approve', run))
  const done = await deployed().runWith(group, closed)
  expect(done).toMatchObject({ outcome: 'expired', decisions: [] })
  const before = scenes.whispers('ann').length
  expect(await scenes.press('ann', card, 'approve', boundTo(run))).toMatchObject({ status: 200 })
  expect(scenes.whispers('ann')).toHaveLength(before + 1)
  await scenes.cardWith(run, (now) => buttonsOf(now).every(({ action_id }) => action_id === 'details'))
  expect(await plant.ingress(group)).toHaveLength(1)
})

test('a click that comes again, or after somebody else’s, is told so and changes nothing', async () => {
  const { group, run } = await askedOne('one', [OPEN])
  const card = await scenes.cardWith(run, has('approve', run))
  await scenes.press('ann', card, 'approve', boundTo(run))
  await deployed().runWith(group, closed)
  const before = scenes.whispers('ben').length
  await scenes.press('ben', card, 'decline', boundTo(run))
  await scenes.press('ann', card, 'approve', boundTo(run))
  expect(scenes.whispers('ben')).toHaveLength(before + 1)
  expect(await deployed().store.get(run.id)).toMatchObject({
    outcome: 'remediated',
    decisions: [{ verdict: 'approve', by: 'slack:T0ACME:U0ANN' }],
  })
  expect(deployed().changesOf(group)).toHaveLength(1)
})

test('an undo that one person asks for on the command line and approves in Slack still wants another', async () => {
  const { group, run } = await askedOne('two', [OPEN])
  const card = await scenes.cardWith(run, has('approve', run))
  await scenes.press('ann', card, 'approve', boundTo(run))
  await scenes.press('ben', card, 'approve', boundTo(run))
  await deployed().runWith(group, closed)

  await person.run('undo', run.id, '--yes', ...STACK)
  const undo = await deployed().runWith(
    group,
    ({ undoOf, decisions }) => undoOf === run.id && decisions.length > 0,
  )
  const asks = await scenes.cardWith(undo, has('approve', undo))
  const before = scenes.whispers('ann').length
  await scenes.press('ann', asks, 'approve', boundTo(undo))
  expect(scenes.whispers('ann')).toHaveLength(before + 1)
  expect(await plant.ingress(group)).toEqual([])
  await scenes.press('ben', asks, 'approve', boundTo(undo))
  await deployed().runWith(group, ({ outcome }) => outcome === 'undone')
  expect(await plant.ingress(group)).toHaveLength(1)
})

test('a card that somebody deleted is posted once more, and shows what is true', async () => {
  const { group, run } = await askedOne('two', [OPEN])
  const card = await scenes.cardWith(run, has('approve', run))
  scenes.slack.control({ deleteMessage: { channel: scenes.slack.channel, ts: card.ts } })
  const { status } = await person.report('approve', run.id, '--yes', ...STACK)
  expect(status).toBe(3)
  const again = await scenes.cardWith(run, (now) => now.ts !== card.ts && saying(now).includes('1 of 2'))
  await scenes.press('ben', again, 'approve', boundTo(run))
  expect(await deployed().runWith(group, closed)).toMatchObject({ outcome: 'remediated' })
  expect(scenes.cardsOf(run)).toHaveLength(1)
})

test('a plan that no card has room for stands whole in the thread, under one hash', async () => {
  const many = Array.from({ length: 50 }, (_, n) => ({
    ...OPEN,
    description: `rule ${n} ${'x'.repeat(200)}`,
  }))
  const ranges = many.map((one, n) => ({ ...one, source: `${n + 1}.0.0.0/8` }))
  const { group, run } = await askedOne('one', [OPEN, ...ranges])
  const card = await scenes.cardWith(run, (now) => now.replies.some(({ files }) => files.length > 0))
  expect(saying({ ...card, replies: [] })).toContain('more line')
  const file = JSON.stringify(card.replies.flatMap(({ files }) => files))
  expect(file).toContain(run.plan!.hash)
  for (const { id } of (run.plan!.before as { rules: { id: string }[] }).rules) expect(file).toContain(id)
  await scenes.press('ann', card, 'approve', boundTo(run))
  expect(await deployed().runWith(group, closed)).toMatchObject({ outcome: 'remediated' })
})

test('several at once share a card, and are approved together or each by itself', async () => {
  const runs = await asked('one', [OPEN], [OPEN], [OPEN])
  const [first, second, third] = runs as [(typeof runs)[0], (typeof runs)[0], (typeof runs)[0]]
  const list = await scenes.cardWith(first.run, (card) => runs.every(({ run }) => has('approve', run)(card)))
  await scenes.press('ben', list, 'decline', boundTo(second.run))
  const left = await scenes.cardWith(first.run, (card) => !has('approve', second.run)(card))
  await scenes.press('ann', left, 'approve_all')
  for (const { group } of [first, third])
    expect(await deployed().runWith(group, closed)).toMatchObject({ outcome: 'remediated' })
  expect(await deployed().runWith(second.group, closed)).toMatchObject({ outcome: 'declined' })
  expect(deployed().changesOf(second.group)).toEqual([])
})
