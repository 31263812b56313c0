import { expect } from '@jest/globals'
import { asks } from '../../../src/run/told.ts'
import type { SlackFaults } from '../../../src/sandbox/slack/slack-faults.ts'
import { drawn } from '../../engine/interleaving.ts'
import { Life } from '../../engine/killed-process.ts'
import { sshOpen } from '../../engine/simulated-world.ts'
import { type Actor, act, GROUPS, Seen, waitingAbout } from './actors.ts'
import { inSlack, isSlackWell, judgedCli, judgedClick, wouldCount } from './judged-click.ts'
import { CHANNEL, slackId } from './people-and-policies.ts'
import { cardIdOf, messagesOf } from './shown-in-slack.ts'
import type { SlackStack } from './slack-stack.ts'
import type { Deletions } from './true-at-rest.ts'
import { TurnLife, Turns } from './turns.ts'

/** More than anybody does: who lives so long does not die. */
export const FOR_EVER = 100_000

/** What a story has of its world beside what stands in it. */
export class Story {
  readonly stack: SlackStack
  readonly seen = new Seen()
  readonly deletions: Deletions = new Map()

  constructor(stack: SlackStack) {
    this.stack = stack
  }
}

/** What happens; each leaves whoever looks at it afterwards with nothing to say. */
export type Happening =
  | { kind: 'finding'; group: number }
  | { kind: 'drift'; group: number }
  /** The resource changes between what people say and what is done: they are asked again, and somebody has not seen it. */
  | { kind: 'askAgain'; group: number; user: string }
  | { kind: 'one'; actor: Actor; dies: number }
  /** After so many minutes, when the runner may have something to do: it and others, one step of one after one of another. */
  | { kind: 'together'; minutes: number; actors: { actor: Actor; dies: number }[]; order: number[] }
  | { kind: 'drain' }
  | { kind: 'time'; minutes: number }
  /** So many ms before the time to decide about a group is over. */
  | { kind: 'end'; group: number; ms: number }
  | { kind: 'policy'; index: number }
  | { kind: 'slack'; faults: Partial<SlackFaults> }
  | { kind: 'delete'; which: number }
  | { kind: 'again'; queue: 'runs' | 'cards'; which: number }
  | { kind: 'exempt'; user: string; group: number; age: number }

type Happens = { [kind in Happening['kind']]: (story: Story, its: never) => Promise<void> }
export type Its<K extends Happening['kind']> = Extract<Happening, { kind: K }>

export const HAPPENS: Happens = {
  async finding({ stack }: Story, { group }: Its<'finding'>) {
    opens(stack, group)
    await stack.deployment.findings(sshOpen(stack.world, GROUPS[group]!))
  },
  async drift({ stack }: Story, { group }: Its<'drift'>) {
    opens(stack, group, true)
  },
  async askAgain(story: Story, { group, user }: Its<'askAgain'>) {
    const { stack, seen } = story
    opens(stack, group, true)
    for (const who of ['ann', 'ben', 'cho']) {
      await act(stack, seen, { does: 'cli', who, verdict: 'approve', group }, new Life())
      await act(stack, seen, { does: 'click', user: who, action: 'approve', group, age: 0 }, new Life())
    }
    await stack.drain()
    seen.look(stack, await stack.world.store.list())
    await judgedClick(story, { does: 'click', user, action: 'approve', group, age: 1 }, FOR_EVER)
  },
  async one(story: Story, { actor, dies }: Its<'one'>) {
    if (actor.does === 'click') await judgedClick(story, actor, dies)
    else if (actor.does === 'cli') await judgedCli(story, actor, dies)
    else await act(story.stack, story.seen, actor, new Life(dies))
  },
  async together({ stack, seen }: Story, { minutes, actors, order }: Its<'together'>) {
    stack.clock.advance(minutes * 60_000)
    const turns = new Turns()
    const all = [{ actor: { does: 'runner' } as const, dies: FOR_EVER }, ...actors]
    const work = all.map(({ actor, dies }, n) => act(stack, seen, actor, new TurnLife(turns, n, dies)))
    await turns.play(work, drawn(order))
  },
  async drain({ stack }: Story) {
    await stack.drain()
  },
  async time({ stack }: Story, { minutes }: Its<'time'>) {
    stack.clock.advance(minutes * 60_000)
  },
  async end({ stack }: Story, { group, ms }: Its<'end'>) {
    const run = await waitingAbout(stack, group)
    const left = Date.parse(run?.waitingUntil ?? '') - stack.clock.now()
    if (left > ms) stack.clock.advance(left - ms)
  },
  async policy({ stack }: Story, { index }: Its<'policy'>) {
    stack.setPolicy(index)
  },
  async slack({ stack }: Story, { faults }: Its<'slack'>) {
    Object.assign(stack.slack.faults, faults)
  },
  async delete({ stack, deletions }: Story, { which }: Its<'delete'>) {
    const messages = messagesOf(stack)
    const message = messages[which % Math.max(1, messages.length)]
    if (!message) return
    stack.slack.control({ deleteMessage: { channel: CHANNEL, ts: message.ts } })
    const id = cardIdOf(message)
    const card = await stack.cards.store.card(id)
    // Of one whose answer was lost nobody knows yet that it stood.
    const runs = card?.ts === undefined ? [] : card.runs
    const its = await Promise.all(runs.map(({ run }) => stack.world.store.get(run)))
    const isAsking = its.some((run, n) => run && asks(run) && run.round === runs[n]!.round)
    const before = deletions.get(id)
    deletions.set(id, { times: (before?.times ?? 0) + 1, isAsking })
  },
  async again({ stack }: Story, { queue, which }: Its<'again'>) {
    const { sent, cards, deployment, clock } = stack
    const message = sent[which % Math.max(1, sent.length)]
    const card = cards.sent[which % Math.max(1, cards.sent.length)]
    if (queue === 'cards' && card) cards.again(card)
    const id = `again-${deployment.queue.length}-${clock.now()}-${which}`
    if (queue === 'runs' && message)
      deployment.queue.push({ ...message, id, visibleAt: clock.now(), received: 0 })
  },
  async exempt(story: Story, { user, group, age }: Its<'exempt'>) {
    const { stack, seen } = story
    const before = new Set(stack.slack.state().views.map(({ id }) => id))
    const clicked = await act(stack, seen, { does: 'click', user, action: 'exempt', group, age }, new Life())
    const view = stack.slack.state().views.find(({ id }) => !before.has(id))
    if (!clicked || !view) return
    const run = await stack.world.store.get(clicked.run)
    const expected = wouldCount(stack, run, inSlack(user), clicked.hash, 'exempt')
    stack.receiving = new Life()
    const values = { reason: { text: 'a test system' }, until: { days: '7' } }
    await stack.slack.submit({ user: slackId(user), view_id: view.id, values })
    const after = await stack.world.store.get(clicked.run)
    const isRecorded = (after?.decisions.length ?? 0) > (run?.decisions.length ?? 0)
    if (isSlackWell(stack)) expect(['exempt', user, isRecorded]).toEqual(['exempt', user, expected])
    if (!isRecorded) expect(stack.slack.state().views.some(({ id }) => id === view.id)).toBe(true)
  },
}

/** A rule that the playbook closes: the first where there is none, or one more. */
export function opens(stack: SlackStack, group: number, isMore = false): void {
  const { groups } = stack.world.aws
  const id = GROUPS[group]!
  if (!groups.groups.has(id)) groups.add(id, [{ from: 22, cidr: '10.0.0.0/8' }])
  const open = groups.rulesOf(id).filter(({ CidrIpv4 }) => CidrIpv4 !== '10.0.0.0/8').length
  if (open > 0 && !isMore) return
  const cidrs = ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2']
  const used = new Set(groups.rulesOf(id).map(({ CidrIpv4 }) => CidrIpv4))
  const cidr = cidrs.find((one) => !used.has(one))
  if (cidr) groups.addRule(id, { from: 22, cidr })
}
