import { DONE_BY } from '../../engine/decide/already-decided.ts'
import { visible } from '../../reports/paint.ts'
import type { Run } from '../../run/run.ts'
import type { StandInSlack } from '../../sandbox/slack/stand-in.ts'
import type { Stack } from '../stack/deployment.ts'
import type { Output } from '../terminal/output.ts'

/** How long a card may take to appear, how long a person may take, and how often is looked (ms). */
const CARD_MS = 60_000
const PERSON_MS = 600_000
const POLL_MS = 100

/** What an answer is waited for with. */
export interface Asking {
  slack: StandInSlack
  output: Output
  stack: Pick<Stack, 'clock' | 'store'>
}

/**
 * A run waits for a word in Slack: on a terminal a person gives it in the page, else Ann does, by the click that the page
 * would send. Where nobody decides within ten minutes, she does it, too.
 * @throws when no card appears within a minute
 */
export async function answerInSlack({ slack, output, stack }: Asking, run: Run): Promise<string> {
  const { clock, store } = stack
  const card = await until(clock, CARD_MS, async () => cardOf(slack, run))
  if (!card) throw new Error(`no card for run ${run.id} appeared in ${slack.channel} within a minute`)
  const byAnn = async (why = '') => {
    const { status, error } = await slack.click({ user: slack.users.ann ?? '', ...card })
    if (status !== 200) throw new Error(`the click was answered ${error ?? status}`)
    return `${why}ann approved it, by the click that the page sends`
  }
  if (!output.interactive) return byAnn()
  output.say(`
  Its card stands in Slack: ${output.paint.strong(slack.page)}
  Open it, look at the plan, and approve it as Ann or Ben. This goes on as soon as somebody has decided.`)
  const decided = await until(clock, PERSON_MS, async () => {
    const now = await store.get(run.id)
    return now && (now.waitingFor !== 'approval' || now.decisions.length > 0) ? now : undefined
  })
  if (!decided) return byAnn('nobody decided within ten minutes: ')
  return decided.decisions.map(({ verdict, by }) => `${DONE_BY[verdict]} by ${visible(by)}`).join(', ')
}

/** Where the button stands that approves this plan. */
function cardOf(slack: StandInSlack, { id, plan }: Run) {
  const wanted = `${id}:${plan?.hash}`
  for (const { id: channel, messages } of slack.state().channels) {
    const found = messages.find(({ blocks }) => JSON.stringify(blocks).includes(wanted))
    if (found) return { channel, ts: found.ts, action_id: 'approve', value: wanted }
  }
  return undefined
}

async function until<T>(
  clock: Stack['clock'],
  ms: number,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const end = clock.now() + ms; ; ) {
    const answer = await ask()
    if (answer !== undefined || clock.now() >= end) return answer
    await clock.sleep(POLL_MS)
  }
}
