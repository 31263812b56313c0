import { approveRun, declineRun } from '../../../src/engine/decide/decisions.ts'
import { Refused } from '../../../src/engine/refusals.ts'
import type { Run } from '../../../src/run/run.ts'
import type { Interaction } from '../../../src/sandbox/slack/interactions/signed-request.ts'
import { Killed, type Life } from '../../engine/killed-process.ts'
import { CHANNEL, slackId } from './people-and-policies.ts'
import { messagesOf } from './shown-in-slack.ts'
import type { SlackStack } from './slack-stack.ts'

export const GROUPS = ['sg-0aaa', 'sg-0bbb', 'sg-0ccc']

/** Somebody or something that does one thing. */
export type Actor =
  /** `age`: 0 for the newest plan of the group that was ever seen, 1 for the one before ... */
  | { does: 'click'; user: string; action: string; group: number; age: number }
  | { does: 'cli'; who: string; verdict: 'approve' | 'decline'; group: number }
  | { does: 'runner' | 'notifier' | 'sweeper' }
  | { does: 'sender'; group: 'post' | 'update' }

/** What a click was about and what it came to. */
export interface Clicked {
  interaction: Interaction
  run: string
  hash: string
}

/** What people have seen of plans in Slack, the oldest first. */
export class Seen {
  /** Values of buttons about one run, by group. */
  readonly #values = new Map<number, string[]>()
  #forAll: string[] = []

  look(stack: SlackStack, runs: readonly Run[]): void {
    for (const { blocks } of messagesOf(stack))
      for (const block of blocks)
        for (const { value } of (block.elements ?? []) as { value?: string }[])
          if (value !== undefined) this.#keep(value, runs)
  }

  #keep(value: string, runs: readonly Run[]): void {
    if (value.includes(',')) {
      this.#forAll = [...this.#forAll.filter((one) => one !== value), value]
      return
    }
    const resource = runs.find(({ id }) => value.startsWith(`${id}:`))?.resource ?? ''
    const group = GROUPS.findIndex((id) => resource.endsWith(id))
    const known = this.#values.get(group) ?? []
    if (!known.includes(value)) this.#values.set(group, [...known, value])
  }

  valueOf(action: string, group: number, age: number): string | undefined {
    const values = action === 'approve_all' ? this.#forAll : (this.#values.get(group) ?? [])
    return values.at(-1 - (age % Math.max(1, values.length)))
  }
}

export async function act(
  stack: SlackStack,
  seen: Seen,
  actor: Actor,
  life: Life,
): Promise<Clicked | undefined> {
  try {
    switch (actor.does) {
      case 'click':
        return await click(stack, seen, actor, life)
      case 'cli':
        await decideByCli(stack, actor, life)
        return undefined
      case 'runner':
        await stack.fireTimers()
        await stack.deployment.invoke(life)
        return undefined
      case 'notifier':
        await stack.notify(life)
        return undefined
      case 'sweeper':
        await stack.deployment.sweep(life)
        return undefined
      case 'sender':
        await stack.cards.invoke(stack.world.store, `${actor.group}:${CHANNEL}`, life)
        return undefined
    }
  } catch (error) {
    if (!(error instanceof Killed)) throw error
    return undefined
  }
}

async function click(
  stack: SlackStack,
  seen: Seen,
  { user, action, group, age }: Extract<Actor, { does: 'click' }>,
  life: Life,
): Promise<Clicked | undefined> {
  const value = seen.valueOf(action, group, age)
  const ts = messagesOf(stack).at(-1)?.ts
  if (value === undefined || ts === undefined) return undefined
  stack.receiving = life
  const click = { user: slackId(user), channel: CHANNEL, ts, action_id: action, value }
  const interaction = await stack.slack.click(click)
  const [run = '', ...hash] = value.split(':')
  return { interaction, run, hash: hash.join(':') }
}

/** The run that waits about a group. */
export async function waitingAbout({ world }: SlackStack, group: number): Promise<Run | undefined> {
  const waiting = await world.store.list({ state: ['waiting'] })
  return waiting.find(({ resource }) => resource.endsWith(GROUPS[group]!))
}

async function decideByCli(
  stack: SlackStack,
  { who, verdict, group }: Extract<Actor, { does: 'cli' }>,
  life: Life,
): Promise<void> {
  const run = await waitingAbout(stack, group)
  if (!run) return
  const ports = stack.cli(who, life)
  try {
    if (verdict === 'approve') await approveRun(ports, run.id, { hash: run.plan?.hash ?? '' })
    else await declineRun(ports, run.id, 'not now')
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
}
