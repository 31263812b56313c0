import { withoutRuleText } from '../../policy/rule-place.ts'
import type { Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'
import { type CardBlock, fixed, headerBlock, markup, points, prose, small, smallLines } from './blocks.ts'
import { runButtons } from './buttons.ts'
import { decisionLines, quorumText } from './decision-lines.ts'
import { endLines, stepLines } from './end-words.ts'
import { code, cutAt, escaped, shortened } from './escape.ts'
import { lineChanges } from './line-changes.ts'
import { identityText, time, whoMay } from './people-words.ts'
import { textOfBlocks } from './plain-card-text.ts'
import { fitting, planLines, shownPlan } from './plan-lines.ts'
import { outcomeSign, stageOf } from './stage.ts'
import { aboutBlocks, hashText, resourceText, weightText } from './what-is-wrong.ts'

/** A run, and what a card of it says beside it. */
export interface CardView {
  run: Run
  /** ms since 1970. */
  now: number
  /** Name of the deployment, for the commands that are proposed. */
  stack?: string
  /** The plan's lines on the card before: what has changed since is shown. */
  previousLines?: string[]
  /** Address of the card that took this one's place. */
  link?: string
  /** Address of the card whose place this one took. */
  supersedes?: string
}

/** What is posted: `text` says the same without blocks. */
export interface CardContent {
  text: string
  blocks: CardBlock[]
}

/** Characters of the decisions on a card: below what small type takes, less the word that some are left out. */
const DECISIONS_ROOM = 1_150

/** The card of a run, whatever its state is. */
export function cardOf(view: CardView): CardContent {
  const blocks = view.link === undefined ? blocksOf(view) : supersededBlocks(view, view.link)
  return { text: textOfBlocks(blocks), blocks }
}

function blocksOf(view: CardView): CardBlock[] {
  const { run, now } = view
  const stage = stageOf(run, now)
  const asks = stage === 'asking'
  return [
    headerBlock(titleText(view)),
    ...aboutBlocks(run),
    markup([
      statusLine(view),
      ...(asks ? [askLine(view)] : []),
      ...(stage === 'closed' ? endLines(run) : []),
    ]),
    ...smallLines(decisionLines(run, DECISIONS_ROOM)),
    ...(run.changedAt === undefined ? [] : smallLines(stepLines(sent(run)))),
    ...(asks ? changeBlocks(view) : []),
    // Of what came to nothing the headlines are enough.
    ...(stage === 'closed' && run.changedAt === undefined ? [] : planBlocks(run)),
    ...(asks ? [...impactBlocks(run), ...warningBlocks(run)] : []),
    small(footLine(view)),
    ...runButtons(run, stage),
  ]
}

/** What was sent so far; that a step was rehearsed before says nothing now. */
const sent = ({ results }: Run) => ({ results: results.filter(({ status }) => status !== 'dryRunOk') })

/** How bad it is, or how it ended, and for which resource. */
export function titleText({ run, now }: CardView, most?: number): string {
  const resource = resourceText(run, most)
  if (stageOf(run, now) !== 'closed') return `${weightText(run)} · ${resource}`
  if (run.undoneBy !== undefined) return `↩️ ${run.outcome}, then undone · ${resource}`
  const undo = run.undoOf === undefined ? '' : 'Undo · '
  return `${outcomeSign(run.outcome)} ${undo}${run.outcome} · ${resource}`
}

/**
 * Where it stands, in one line of Slack's markup.
 * @param people how many of those who have approved are named
 */
export function statusLine({ run, now }: CardView, people?: number): string {
  const until = run.waitingUntil === undefined ? '' : ` until ${time(run.waitingUntil)}`
  switch (stageOf(run, now)) {
    case 'asking':
      return `*Approval wanted*${until}${tally(run).quorum > 1 ? ` · ${quorumText(run, people)}` : ''}`
    case 'late':
      return '*Nobody decided in time*: it is closed without a change'
    case 'starting':
      return '*Approved, starting*: the resource is read again first'
    case 'ending':
      return '*Decided*: it ends without a change'
    case 'looking':
      return '*Looking*: the resource is read, and it is planned'
    case 'queued':
      return '*Waiting for its turn*: another run holds the resource'
    case 'applying':
      return '*Changing it now*'
    case 'settling':
      return `*Changed, and waiting* for what was started to end${until}`
    case 'held':
      return `*Held*: ${escaped(cutAt(run.heldBy?.reason ?? '', 200))}; it goes on by itself`
    case 'closed':
      return `*Closed*: ${escaped(String(run.outcome))}${run.endedAt === undefined ? '' : `, ${time(run.endedAt)}`}`
    case 'unknown':
      return `*Its state cannot be read here* (${escaped(cutAt(`${run.state} ${run.waitingFor ?? ''}`, 60))}): look with ${code(`rectify runs ${run.id}`)}`
  }
}

const CHANGES_ROOM = 900

/** What has changed since the card before. */
function changeBlocks({ run, previousLines, supersedes }: CardView): CardBlock[] {
  const before = supersedes === undefined ? undefined : linkTo(supersedes, 'an earlier card')
  const changes = previousLines === undefined ? [] : lineChanges(previousLines, planLines(run))
  return [
    ...(before === undefined ? [] : [small(`Asked again: takes the place of ${before}`)]),
    ...(changes.length === 0
      ? []
      : [
          prose({ text: 'What has changed in the plan', as: 'bold' }),
          fixed(fitting(changes.map(inWords), CHANGES_ROOM, 'compare with the card before')),
        ]),
    ...(previousLines !== undefined && changes.length === 0
      ? [small('The plan reads as it did before')]
      : []),
  ]
}

/** The signs of a plan's own lines stand behind. */
const inWords = (change: string): string => `${change.startsWith('+') ? 'new: ' : 'gone:'} ${change.slice(2)}`

function planBlocks(run: Run): CardBlock[] {
  const lines = shownPlan(run)
  return lines.length === 0 ? [] : [fixed(lines)]
}

const NAMED = 4

/** Who is on the other end. */
function impactBlocks({ plan }: Run): CardBlock[] {
  if (!plan) return []
  const { summary, affected, count, notes = [] } = plan.impact
  const named = affected.slice(0, NAMED)
  const left = count - named.length
  const lines = [
    ...named.map(({ type, id, detail }) =>
      cutAt([shortened(id, 80), type, detail].filter(Boolean).join(' '), 120),
    ),
    ...(named.length > 0 && left > 0 ? [`and ${left} more`] : []),
    ...notes.slice(0, 3).map((note) => cutAt(note, 120)),
  ]
  return [points([{ text: 'Affects ', as: 'bold' }, cutAt(summary || 'unknown', 300)], lines)]
}

const MOST_WARNINGS = 5

/** Warnings: what owns it, who would put it back, what stays. */
function warningBlocks({ plan }: Run): CardBlock[] {
  const warnings = plan?.warnings ?? []
  const left = warnings.length - MOST_WARNINGS
  const lines = warnings.slice(0, MOST_WARNINGS).map((warning) => `⚠️ ${cutAt(warning, 190)}`)
  if (left > 0) lines.push(`… ${left} more under Details`)
  return lines.length === 0 ? [] : [prose(lines.join('\n'))]
}

/** Who may decide, and whose word does not count as approval: an undo is asked for by a person. */
function askLine({ run, now }: CardView): string {
  const isAskedFor = run.undoOf !== undefined && run.expiry !== true && run.requestedBy !== undefined
  const asker = isAskedFor ? ` · asked for by ${identityText(run.requestedBy ?? '')}` : ''
  return `Who may decide: ${whoMay(run, now)}${asker}`
}

/** What ties the card to its run: the plan's hash, and the command that shows all of it. */
function footLine(view: CardView): string {
  const { run } = view
  const why = withoutRuleText(run.ruling?.reason ?? run.reason)
  return [`plan ${hashText(run)}`, showCommand(view), ...(why ? [escaped(cutAt(why, 160))] : [])].join(' · ')
}

/** The command that shows all of a run, to be copied. */
const showCommand = ({ run, stack }: CardView): string =>
  code(`rectify runs ${run.id}${stack === undefined ? '' : ` --stack ${stack}`}`)

/** A card whose place another one took says only that, and who had decided. */
function supersededBlocks(view: CardView, link: string): CardBlock[] {
  const { run } = view
  const newer = linkTo(link, 'the newer card') ?? 'a newer card'
  return [
    headerBlock(`↪️ Superseded · ${resourceText(run)}`),
    ...aboutBlocks({ ...run, plan: null }),
    markup([`*Superseded*: asked again, on ${newer}`]),
    ...smallLines(decisionLines(run, DECISIONS_ROOM, true)),
    small(showCommand(view)),
  ]
}

/** Addresses come from Slack (`chat.getPermalink`); anything else is not made a link of. */
export function linkTo(address: string, words: string): string | undefined {
  return /^https?:\/\/[\w.:/?=&%#-]+$/.test(address)
    ? `<${address.replaceAll('&', '&amp;')}|${words}>`
    : undefined
}
