import { EVERYTHING } from '../../../engine/rails/kill-switch.ts'
import { groundsOf } from '../../../policy/approvers.ts'
import { slackIdentity } from '../../../run/identity.ts'
import type { ApprovalTerms } from '../../../run/run.ts'
import type { Control, PauseScope } from '../../../run/store.ts'
import { LONGEST_REASON } from '../../card/action-ids.ts'
import { code, escaped } from '../../card/escape.ts'
import { typed } from '../decide-by-slack.ts'
import type { Sender } from '../interaction.ts'
import type { ReceiverPorts, SlackPolicy } from '../receiver-ports.ts'
import { type Refused, refused } from '../refusal.ts'
import { isOf, memberFor, speakerFor } from '../who-speaks.ts'
import { scopeSaid, scopeText } from './pause-scope-said.ts'

/** Signatures are of whole seconds. */
const A_SECOND_MS = 1_000

export type Switched = { kind: 'switched'; text: string } | Refused

const FOREIGN = refused('foreign', 'This deployment is not run from your workspace.')

/**
 * Stops all changes, or those of a playbook or in an account, for any full member of the workspace. Where the policy cannot
 * be read, nobody knows which that is: then Slack's word is enough that it is a member of the workspace where the command was
 * given. To stop harms least.
 */
export async function pauseBySlack(
  ports: ReceiverPorts,
  sender: Sender,
  words: readonly string[],
): Promise<Switched> {
  const policy = await policyOf(ports)
  if (policy !== 'unreadable' && !isOf(policy.workspace, sender)) return FOREIGN
  const member = await memberFor(ports, sender, sender.workspace)
  if (member.kind === 'refused') return member
  const meant = await scopeSaid(ports, words)
  if (meant.kind === 'refused') return meant
  const { scope, rest } = meant
  const reason = typed(rest.join(' '), LONGEST_REASON)
  await setSwitch(ports, sender, scope, { paused: true, ...(reason !== undefined && { reason }) })
  const why = reason === undefined ? '' : `: ${escaped(reason)}`
  const text =
    scope === EVERYTHING
      ? `Paused${why}. No change starts until somebody resumes.`
      : `Paused for ${scopeText(scope)}${why}. None of its changes starts until somebody resumes it: ${code(`/rectify resume ${scope.replace(':', ' ')}`)}.`
  return { kind: 'switched', text }
}

/**
 * Lets changes start again, all or those of the pause that is named, for those whom the deployed policy names as operators.
 * A signature holds for minutes: the same request that comes once more must not take back what somebody has paused since.
 * @param saidAt ms since 1970, UTC, in whole seconds, as it was signed
 */
export async function resumeBySlack(
  ports: ReceiverPorts,
  sender: Sender,
  words: readonly string[],
  saidAt: number,
): Promise<Switched> {
  const policy = await policyOf(ports)
  if (policy === 'unreadable')
    return refused('policyUnread', 'The policy cannot be read, so nobody may resume from Slack.')
  const { workspace, operators = [], people } = policy
  if (workspace === undefined) return FOREIGN
  const terms: ApprovalTerms = {
    workspace,
    approvers: operators,
    quorum: 1,
    expiresAfter: 'PT0S',
    onExpiry: 'decline',
    ...(people && { people }),
  }
  const speaking = await speakerFor(ports, sender, terms, 0)
  if (speaking.kind === 'refused') return speaking
  if (!groundsOf(terms, speaking.speaker, 0)) {
    return refused(
      'noOperator',
      'Only the operators that the policy names (`slack.operators`) may resume from Slack. `rectify resume --stack` does it by command line.',
    )
  }
  const before = await ports.store.allControls()
  const meant = await scopeSaid(
    ports,
    words,
    before.map(({ scope }) => scope),
  )
  if (meant.kind === 'refused') return meant
  const { scope, rest } = meant
  // Whoever says more than what to resume does not mean everything.
  if (rest.length > 0) return refused('usage', RESUME_USAGE)
  const { at = '' } = before.find((each) => each.scope === scope)?.control ?? {}
  if (Date.parse(at) >= saidAt + A_SECOND_MS)
    return refused('overtaken', 'Somebody has paused since you said so. Say it again if it holds still.')
  await setSwitch(ports, sender, scope, { paused: false })
  const standing = (await ports.store.allControls()).map(({ scope }) => code(scope))
  const but = standing.length === 0 ? '' : ` Paused all the same: ${standing.join(', ')}.`
  const what = scope === EVERYTHING ? 'Resumed' : `Resumed ${scopeText(scope)}`
  return { kind: 'switched', text: `${what}: what was held goes on within five minutes.${but}` }
}

const RESUME_USAGE =
  'Nothing was changed: say `/rectify resume`, `/rectify resume playbook ID` or `/rectify resume account ID`, and nothing more.'

async function policyOf({ policy, log }: ReceiverPorts): Promise<SlackPolicy | 'unreadable'> {
  try {
    return await policy()
  } catch (error) {
    log.failed('the policy cannot be read', {}, error)
    return 'unreadable'
  }
}

async function setSwitch(
  { store, clock }: ReceiverPorts,
  { workspace, user }: Sender,
  scope: PauseScope,
  word: Pick<Control, 'paused' | 'reason'>,
): Promise<void> {
  const at = new Date(clock.now()).toISOString()
  await store.setControlOf(scope, { ...word, by: slackIdentity({ workspace, user }), at })
}
