import { groundsOf } from '../../policy/approvers.ts'
import { slackIdentity } from '../../run/identity.ts'
import type { ApprovalTerms } from '../../run/run.ts'
import type { Control } from '../../run/store.ts'
import { escaped } from '../card/escape.ts'
import type { Sender } from './interaction.ts'
import type { ReceiverPorts, SlackPolicy } from './receiver-ports.ts'
import { type Refused, refused } from './refusal.ts'
import { isOf, memberFor, speakerFor } from './who-speaks.ts'

/** Signatures are of whole seconds. */
const A_SECOND_MS = 1_000

export type Switched = { kind: 'switched'; text: string } | Refused

const FOREIGN = refused('foreign', 'This deployment is not run from your workspace.')

/**
 * Stops all changes, for any full member of the workspace. Where the policy cannot be read, nobody knows which that is:
 * then Slack's word is enough that it is a member of the workspace where the command was given. To stop harms least.
 */
export async function pauseBySlack(
  ports: ReceiverPorts,
  sender: Sender,
  reason: string | undefined,
): Promise<Switched> {
  const policy = await policyOf(ports)
  if (policy !== 'unreadable' && !isOf(policy.workspace, sender)) return FOREIGN
  const member = await memberFor(ports, sender, sender.workspace)
  if (member.kind === 'refused') return member
  await setSwitch(ports, sender, { paused: true, ...(reason !== undefined && { reason }) })
  const why = reason === undefined ? '' : `: ${escaped(reason)}`
  return { kind: 'switched', text: `Paused${why}. No change starts until somebody resumes.` }
}

/**
 * Lets changes start again, for those whom the deployed policy names as operators. A signature holds for minutes: the
 * same request that comes once more must not take back what somebody has paused since.
 * @param saidAt ms since 1970, UTC, in whole seconds, as it was signed
 */
export async function resumeBySlack(ports: ReceiverPorts, sender: Sender, saidAt: number): Promise<Switched> {
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
  const { paused, at = '' } = await ports.store.control()
  if (paused && Date.parse(at) >= saidAt + A_SECOND_MS)
    return refused('overtaken', 'Somebody has paused since you said so. Say it again if it holds still.')
  await setSwitch(ports, sender, { paused: false })
  const standing = (await ports.store.allControls()).map(({ scope }) => `\`${escaped(scope)}\``)
  const but = standing.length === 0 ? '' : ` Paused by the command line, and still: ${standing.join(', ')}.`
  return { kind: 'switched', text: `Resumed: what was held goes on within five minutes.${but}` }
}

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
  word: Pick<Control, 'paused' | 'reason'>,
): Promise<void> {
  const at = new Date(clock.now()).toISOString()
  await store.setControl({ ...word, by: slackIdentity({ workspace, user }), at })
}
