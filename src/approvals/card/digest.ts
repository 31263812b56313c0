import { isCautioned } from '../../engine/effects/cautioned.ts'
import { MOST_RUNS_OF_CARD } from '../../run/card.ts'
import type { Run } from '../../run/run.ts'
import { ACTION, boundValues } from './action-ids.ts'
import {
  actions,
  button,
  type CardBlock,
  dialog,
  divider,
  headerBlock,
  markup,
  prose,
  smallLines,
  wholeLines,
} from './blocks.ts'
import { runButtons } from './buttons.ts'
import { decidersLines } from './decision-lines.ts'
import { endLines } from './end-words.ts'
import { cutAt } from './escape.ts'
import { whoMay } from './people-words.ts'
import { textOfBlocks } from './plain-card-text.ts'
import { headlines, irreversible } from './plan-lines.ts'
import { type CardContent, type CardView, cardOf, linkTo, statusLine, titleText } from './run-card.ts'
import { stageOf } from './stage.ts'
import { hashText, partLines, placeText, wrongText } from './what-is-wrong.ts'

/** Slack's limit of a button's value. */
const MOST_VALUE = 2_000
/** What an item shows: characters, lines of the plan, people. Ten items have to stay below what a message may hold. */
const ITEM = { name: 50, wrong: 90, lines: 1, line: 120, people: 2, end: 240 }

/** One card for several runs of one playbook; for a single one its own card. */
export function digestOf(views: readonly CardView[]): CardContent {
  const [only] = views
  if (views.length === 1 && only) return cardOf(only)
  if (views.length === 0 || views.length > MOST_RUNS_OF_CARD) {
    throw new RangeError(`a digest shows 1 to ${MOST_RUNS_OF_CARD} runs, not ${views.length}`)
  }
  const waiting = views.filter(isAsking)
  const blocks = [
    headerBlock(headerText(views, waiting.length)),
    markup([aboutText(views)]),
    ...views.flatMap((view) => [divider, ...itemBlocks(view)]),
    ...approveAll(waiting.map(({ run }) => run)),
  ]
  return { text: textOfBlocks(blocks), blocks }
}

const isAsking = ({ run, now, link }: CardView) => link === undefined && stageOf(run, now) === 'asking'

function headerText(views: readonly CardView[], waiting: number): string {
  const playbook = cutAt(views[0]?.run.playbook ?? '', 60)
  const count = `${views.length} resources`
  return waiting === 0 ? `${count} · ${playbook}` : `${count}, ${waiting} to decide · ${playbook}`
}

/** Who may decide, where it is the same for all; runs of one playbook may come of several rules. */
function aboutText(views: readonly CardView[]): string {
  const who = [...new Set(views.filter(isAsking).map(({ run, now }) => whoMay(run, now)))]
  if (who.length === 0) return 'Nothing here waits for a decision'
  return who.length === 1 ? `Who may decide: ${who[0]}` : 'Who may decide differs: see Details'
}

function itemBlocks(view: CardView): CardBlock[] {
  const { run, now, link } = view
  const stage = stageOf(run, now)
  const newer = link === undefined ? undefined : (linkTo(link, 'the newer card') ?? 'a newer card')
  return [
    prose(
      { text: titleText(view, ITEM.name), as: 'bold' },
      `\n${wrongText(run, ITEM.wrong)}`,
      ...(stage === 'asking' ? firstLines(run) : []),
    ),
    ...smallLines([
      `${newer === undefined ? statusLine(view, ITEM.people) : `*Superseded*: asked again, on ${newer}`} · plan ${hashText(run)}`,
      // The playbook is the same for all, and stands in the header.
      placeText({ ...run, playbook: '' }, 30),
      ...partLines(run, ITEM.wrong),
      ...decidersLines(run),
      ...(stage === 'closed' ? wholeLines(endLines(run), ITEM.end) : []),
    ]),
    ...itemButtons(view),
  ]
}

function firstLines(run: Run): string[] {
  const lines = headlines(run)
  return [
    ...lines.slice(0, ITEM.lines).map((line) => `\nPlan: ${cutAt(line, ITEM.line)}`),
    ...(lines.length > ITEM.lines ? ['\n… more under Details'] : []),
  ]
}

function itemButtons({ run, now, link }: CardView): CardBlock[] {
  return link === undefined ? runButtons(run, stageOf(run, now), 'item') : []
}

/** Approves all that wait, each with the plan that is shown; what takes a question first is approved one by one. */
function approveAll(waiting: readonly Run[]): CardBlock[] {
  const bound = waiting
    .filter((run) => irreversible(run.plan).length === 0 && !isCautioned(run))
    .map((run) => ({ run: run.id, hash: run.plan?.hash ?? '' }))
  const value = boundValues(bound)
  if (bound.length < 2 || value.length > MOST_VALUE) return []
  const text = `Approve all ${bound.length}`
  const confirm = dialog({
    title: `${text}?`,
    text: `${bound.length} plans, each as it is shown here.`,
    yes: text,
    style: 'primary',
  })
  return [actions('all', [button(ACTION.approveAll, text, value, { style: 'primary', confirm })])]
}
