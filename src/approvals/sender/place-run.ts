import { type Card, MOST_RUNS_OF_CARD } from '../../run/card.ts'
import type { Run } from '../../run/run.ts'
import { asks, isShown } from '../../run/told.ts'
import { linkOf } from './card-link.ts'
import { changed, held } from './held-card.ts'
import { isoNow, posted, postedNow } from './post-card.ts'
import type { SenderPorts } from './sender-ports.ts'
import { keptPlan, rendered } from './shown-card.ts'

/** A run joins a card of its playbook that was posted no longer ago (ms). */
const DIGEST_MS = 60_000

/**
 * Sees to it that a run has its card: the one that stands, one of its playbook that was posted within a minute, or a new
 * one.
 * @returns the id of the card on which it is shown; undefined where it needs none
 */
export async function placed(ports: SenderPorts, id: string): Promise<string | undefined> {
  const run = await ports.runs.get(id)
  if (!run) return undefined
  const card = await ports.cards.cardOf(id)
  if (card && !isAskedAnew(card, run)) return standing(ports, card)
  if (!asks(run) && !isShown(run)) return undefined
  const { channel } = run.approval ?? {}
  if (channel === undefined) return undefined
  if (card) return madeNew(ports, run, channel, await lookedFor(ports, card))
  const digest = asks(run) ? await joinable(ports, channel, run) : undefined
  return digest ? joined(ports, digest, run) : madeNew(ports, run, channel)
}

const isAskedAnew = ({ runs }: Card, run: Run) =>
  asks(run) && runs.some((entry) => entry.run === run.id && entry.round < run.round)

async function standing(ports: SenderPorts, card: Card): Promise<string | undefined> {
  if (card.ts !== undefined) return card.id
  const wanted = await isWanted(ports, card)
  if (!wanted && card.postingSince === undefined) return undefined
  return (await posted(ports, card, wanted)) ? card.id : undefined
}

/**
 * Whether people are to see a card that does not stand, for any of its runs: the others have no card but this one. One
 * that stood before, and was taken away, shows also an end that would be told nobody else.
 */
async function isWanted({ runs }: SenderPorts, card: Card): Promise<boolean> {
  const its = await Promise.all(card.runs.map(({ run }) => runs.get(run)))
  return card.runs.some(({ round, supersededBy }, n) => {
    const run = its[n]
    if (!run || supersededBy !== undefined) return false
    return isShown(run) || (run.round === round && (asks(run) || card.postedAgain === true))
  })
}

/** A card before, which may stand though no answer said so: without it there would be one that asks for ever. */
async function lookedFor(ports: SenderPorts, card: Card): Promise<Card> {
  if (card.ts !== undefined || card.postingSince === undefined) return card
  await posted(ports, card, await isWanted(ports, card))
  return (await ports.cards.card(card.id)) ?? card
}

async function joinable(ports: SenderPorts, channel: string, run: Run): Promise<Card | undefined> {
  const newest = await ports.cards.newestOf(channel, run.playbook)
  if (newest?.ts === undefined || newest.postedAt === undefined) return undefined
  const isRecent = ports.clock.now() - Date.parse(newest.postedAt) < DIGEST_MS
  if (!isRecent || newest.runs.length >= MOST_RUNS_OF_CARD) return undefined
  const its = await Promise.all(newest.runs.map((entry) => ports.runs.get(entry.run)))
  const waits = newest.runs.some(({ round }, n) => its[n] && asks(its[n]) && its[n].round === round)
  return waits && (await hasRoom(ports, newest, run)) ? newest : undefined
}

/**
 * Characters of a list's blocks. Slack does not say what a message may have: it has refused 11,341 of text
 * (https://github.com/slackapi/bolt-js/issues/2867). Buttons take most of it, so that a list shrinks as it is decided.
 */
const MOST_OF_LIST = 11_000

async function hasRoom(ports: SenderPorts, card: Card, { id, round }: Run): Promise<boolean> {
  const view = await rendered(ports, { ...card, runs: [...card.runs, { run: id, round }] })
  return JSON.stringify(view?.content.blocks ?? []).length <= MOST_OF_LIST
}

/** It is shown there by whoever brings the card up to date, after all that join at the same time. */
async function joined(ports: SenderPorts, digest: Card, run: Run): Promise<string> {
  const runs = [...digest.runs, { run: run.id, round: run.round }]
  const plans = { ...digest.plans, ...keptPlan(ports, run) }
  await changed(ports, digest, { runs, plans }, [run.id])
  return digest.id
}

async function madeNew(
  ports: SenderPorts,
  run: Run,
  channel: string,
  former?: Card,
): Promise<string | undefined> {
  const formerLines = former?.plans[run.id]
  const replaces = former && { card: former.id, ...(await linkOf(ports, former)) }
  const card: Card = {
    id: `${run.id}-${run.round}`,
    version: 0,
    playbook: run.playbook,
    channel,
    runs: [{ run: run.id, round: run.round, ...(replaces && { replaces }) }],
    thread: {},
    plans: keptPlan(ports, run),
    ...(formerLines && { formerPlans: { [run.id]: formerLines } }),
    postingSince: isoNow(ports),
  }
  const taken = await held(ports, card, {}, [run.id])
  return (await postedNow(ports, taken)) ? card.id : undefined
}
