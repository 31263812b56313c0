import type { InputBlock, ModalView } from '@slack/types'
import type { Run } from '../../run/run.ts'
import { EXEMPT_DAYS, FIELD, LONGEST_REASON, MODAL } from './action-ids.ts'
import { type CardBlock, fixed, headerBlock, plainText, small, smallLines } from './blocks.ts'
import { boundTo } from './buttons.ts'
import { decisionLines } from './decision-lines.ts'
import { endLines, stepLines } from './end-words.ts'
import { code, costOf } from './escape.ts'
import { whoMay } from './people-words.ts'
import { wholePlan } from './plan-lines.ts'
import { aboutBlocks, hashText, resourceText } from './what-is-wrong.ts'

/** Slack's limit of the titles and buttons of a modal. */
const MOST_TITLE = 24
/** Slack's limit of a line in small type, less some room. */
const MOST_SMALL = 2_900
/** Characters of a piece of the plan, and how many pieces are shown: a view has at most 100 blocks. */
const PIECE = 2_800
const MOST_PIECES = 12

/** Everything about a run, the whole plan first. */
export function detailsModal(run: Run, now: number): ModalView {
  const lines = run.plan ? wholePlan(run, run.plan).split('\n') : []
  const pieces = piecesOf(lines)
  const blocks: CardBlock[] = [
    headerBlock(resourceText(run)),
    ...aboutBlocks(run),
    small(`plan ${hashText(run)} · run ${code(run.id)}`),
    ...(run.approval ? [small(`Who may decide: ${whoMay(run, now)}`)] : []),
    ...smallLines(decisionLines(run), MOST_SMALL),
    ...smallLines(stepLines(run, 20), MOST_SMALL),
    ...smallLines(run.state === 'closed' ? endLines(run) : [], MOST_SMALL),
    ...pieces.slice(0, MOST_PIECES).map((piece) => fixed(piece)),
    ...(pieces.length > MOST_PIECES
      ? [
          small(
            `… and more: the file in the card's thread has all of it, or ${code(`rectify runs ${run.id} --json`)}`,
          ),
        ]
      : []),
  ]
  return { ...modal(MODAL.details, 'Plan', run), close: plainText('Close', MOST_TITLE), blocks }
}

/** Asks why, after a run was declined; the answer may be left out. */
export function declineReasonModal(run: Run): ModalView {
  return {
    ...modal(MODAL.reason, 'Declined', run),
    submit: plainText('Save reason', MOST_TITLE),
    close: plainText('No reason', MOST_TITLE),
    blocks: [
      ...aboutBlocks(run),
      small('It is *declined* already. Why, for those who come later?'),
      reasonInput(true),
    ],
  }
}

/** Asks why, and until when, before a run is exempted. */
export function exemptModal(run: Run): ModalView {
  return {
    ...modal(MODAL.exempt, 'Exempt', run),
    submit: plainText('Exempt', MOST_TITLE),
    close: plainText('Cancel', MOST_TITLE),
    blocks: [
      ...aboutBlocks(run),
      small(`Nothing is changed, and nobody is asked again until then. Plan ${hashText(run)}`),
      reasonInput(false),
      untilInput(),
    ],
  }
}

function modal(id: string, title: string, run: Run) {
  return {
    type: 'modal' as const,
    callback_id: id,
    private_metadata: boundTo(run),
    title: plainText(title, MOST_TITLE),
  }
}

function reasonInput(optional: boolean): InputBlock {
  return {
    type: 'input',
    block_id: FIELD.reason.block,
    optional,
    label: plainText('Reason', 100),
    element: {
      type: 'plain_text_input',
      action_id: FIELD.reason.action,
      multiline: true,
      max_length: LONGEST_REASON,
      focus_on_load: true,
      ...(optional ? {} : { min_length: 1 }),
    },
  }
}

function untilInput(): InputBlock {
  const options = EXEMPT_DAYS.map((days) => ({
    text: plainText(days === 1 ? '1 day' : `${days} days`, 75),
    value: String(days),
  }))
  return {
    type: 'input',
    block_id: FIELD.until.block,
    optional: false,
    label: plainText('For', 100),
    element: { type: 'static_select', action_id: FIELD.until.action, options, initial_option: options[1]! },
  }
}

/** Lines in pieces that a block holds; a line that is longer than one goes over several. */
function piecesOf(lines: readonly string[]): string[][] {
  const pieces: string[][] = [[]]
  let room = PIECE
  for (const line of lines.flatMap(inParts)) {
    if (costOf(line) + 1 > room) {
      pieces.push([])
      room = PIECE
    }
    pieces.at(-1)!.push(line)
    room -= costOf(line) + 1
  }
  return pieces.filter((piece) => piece.some((line) => line !== ''))
}

/** A sign is five characters at most. */
function inParts(line: string): string[] {
  return costOf(line) < PIECE ? [line] : (line.match(new RegExp(`.{1,${PIECE / 5 - 1}}`, 'gu')) ?? [])
}
