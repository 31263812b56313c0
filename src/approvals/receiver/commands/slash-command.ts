import { isHash, isHashOf } from '../../../playbook/plan.ts'
import type { Run } from '../../../run/run.ts'
import { LONGEST_REASON } from '../../card/action-ids.ts'
import { type Decided, decideBySlack, typed } from '../decide-by-slack.ts'
import type { SlashCommand } from '../interaction.ts'
import { answer, attemptOf } from '../private-word.ts'
import type { ReceiverPorts } from '../receiver-ports.ts'
import { type Refused, refused, UNKNOWN_RUN } from '../refusal.ts'
import { runNamed, showRun, waitingRuns } from '../run-texts.ts'
import type { SlackResponse } from '../slack-request.ts'
import { type Seal, undoBySlack } from '../undo-by-slack.ts'
import { memberFor } from '../who-speaks.ts'
import { pauseBySlack, resumeBySlack } from './switch-by-slack.ts'

const HELP = [
  'What `/rectify` does:',
  '• `runs`: what waits for a decision, this channel first',
  '• `show RUN`: the whole plan of a run',
  '• `approve RUN HASH`: says yes to this very plan; `HASH` is what the card and `show` call the plan',
  '• `decline RUN REASON`: says no to it',
  '• `undo RUN`: takes back what a run changed',
  '• `pause [REASON]`: no change starts from now on',
  '• `pause playbook ID [REASON]`, `pause account ID [REASON]`: none of its changes',
  '• `resume`, `resume playbook ID`, `resume account ID`: changes may start again, where no other pause holds them',
  '',
  'A run is named by its id, or by eight or more letters of its beginning.',
].join('\n')

/** What a command comes to: words for whoever gave it. */
type Said = { kind: 'said'; text: string; run?: string } | (Refused & { run?: string })

const said = (text: string, run?: Run): Said => ({ kind: 'said', text, ...(run && { run: run.id }) })

/** A slash command, answered to whoever gave it alone. */
export async function commanded(
  ports: ReceiverPorts,
  command: SlashCommand,
  seal: Seal,
): Promise<SlackResponse> {
  const [verb = '', ...words] = command.text.trim().split(/\s+/)
  const does = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
  if (!does) return answer(HELP)
  const result = await does(ports, command, words, seal)
  const attempt = attemptOf({ action: verb, sender: command.sender }, result.run)
  if (result.kind === 'said') {
    ports.log.done(attempt)
    return answer(result.text)
  }
  ports.log.refused(attempt, result.refusal.why)
  return answer(result.refusal.text)
}

type Verb = (ports: ReceiverPorts, command: SlashCommand, words: string[], seal: Seal) => Promise<Said>

const VERBS: Record<string, Verb> = {
  async runs(ports, { sender, channel }) {
    const member = await memberFor(ports, sender, sender.workspace)
    return member.kind === 'refused' ? member : said(await waitingRuns(ports, sender, channel))
  },
  async show(ports, { sender }, [name]) {
    const member = await memberFor(ports, sender, sender.workspace)
    if (member.kind === 'refused') return member
    const run = await runNamed(ports, sender, name)
    return run ? said(showRun(run, ports.clock.now()), run) : UNKNOWN_RUN
  },
  async approve(ports, { sender }, [name, hash]) {
    if (hash === undefined || !isHash(hash))
      return refused('usage', 'Say which plan, too: `/rectify approve RUN HASH`, as `show` gives it.')
    const run = await runFor(ports, sender, name)
    if (!run) return UNKNOWN_RUN
    // That it is another plan, and which, is said where it is decided: to those who may decide.
    const shown = { run: run.id, hash: run.plan && isHashOf(hash, run.plan) ? run.plan.hash : hash }
    return inWords(await decideBySlack(ports, sender, shown, { verdict: 'approve' }), run, 'Approved')
  },
  async decline(ports, { sender }, [name, ...words]) {
    const reason = typed(words.join(' '), LONGEST_REASON)
    if (reason === undefined) return refused('usage', 'Say why, too: `/rectify decline RUN REASON`.')
    const run = await runFor(ports, sender, name)
    if (!run) return UNKNOWN_RUN
    const shown = { run: run.id, hash: run.plan?.hash ?? '' }
    const word = { verdict: 'decline', reason } as const
    return inWords(await decideBySlack(ports, sender, shown, word), run, 'Declined')
  },
  async undo(ports, { sender }, [name], seal) {
    const run = await runFor(ports, sender, name)
    if (!run) return UNKNOWN_RUN
    const undone = await undoBySlack(ports, sender, run.id, seal)
    if (undone.kind === 'refused') return { ...undone, run: run.id }
    return said(`Asked to take back \`${run.id}\`, by run \`${undone.as}\`.`, run)
  },
  async pause(ports, { sender }, words) {
    const result = await pauseBySlack(ports, sender, words)
    return result.kind === 'refused' ? result : said(result.text)
  },
  async resume(ports, { sender }, words, seal) {
    const result = await resumeBySlack(ports, sender, words, seal.at)
    return result.kind === 'refused' ? result : said(result.text)
  },
}

/**
 * The run that a command is about. Its beginning alone is looked for among many, which is done for members only; what
 * else is asked of whoever decides is asked where it is decided.
 */
async function runFor(
  ports: ReceiverPorts,
  sender: SlashCommand['sender'],
  name: string | undefined,
): Promise<Run | undefined> {
  const isWhole = name?.length === ULID_LENGTH
  if (!isWhole && (await memberFor(ports, sender, sender.workspace)).kind === 'refused') return undefined
  return runNamed(ports, sender, name)
}

const ULID_LENGTH = 26

function inWords(decided: Decided, run: Run, done: string): Said {
  if (decided.kind === 'refused') return { ...decided, run: run.id }
  return said([`${done} \`${run.id}\`.`, decided.warning].filter(Boolean).join(' '), run)
}
