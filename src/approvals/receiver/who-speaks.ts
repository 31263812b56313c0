import { groundsOf, groupsAsked, type Speaker } from '../../policy/approvers.ts'
import { slackIdentity } from '../../run/identity.ts'
import type { ApprovalTerms } from '../../run/run.ts'
import type { SlackMember } from '../slack-api.ts'
import type { Sender } from './interaction.ts'
import type { ReceiverPorts } from './receiver-ports.ts'
import { type Refused, refused } from './refusal.ts'

/** Slack's own bot, which `users.info` calls no bot. */
const SLACKBOT = 'USLACKBOT'

/** A person of the workspace who may speak under some terms. */
export type Speaking = { kind: 'speaker'; speaker: Speaker } | Refused

type Asking = Pick<ReceiverPorts, 'slack' | 'log'>

/** Whether a sender is of this workspace and no other, by what Slack signed; what else it may be is read from Slack. */
export function isOf(workspace: string | undefined, sender: Sender): boolean {
  if (workspace === undefined || sender.workspace !== workspace) return false
  return sender.home === undefined || sender.home === workspace
}

/**
 * Whoever sent it, as one who may decide under the terms: a full member of their workspace, as Slack knows them at this
 * moment, named by the terms or in a group that they name. What cannot be read admits nobody.
 * @param elapsedMs since it was asked: later, more may decide
 */
export async function speakerFor(
  ports: Asking,
  sender: Sender,
  terms: ApprovalTerms,
  elapsedMs: number,
): Promise<Speaking> {
  const { workspace } = terms
  if (workspace === undefined || !isOf(workspace, sender))
    return refused('foreign', 'This is not decided in your workspace.')
  const by = slackIdentity({ workspace, user: sender.user })
  const person = await memberFor(ports, sender, workspace)
  if (person.kind === 'refused') return person
  // Most are named themselves: groups are read only for those who are not, and for members only. Slack lets them be read
  // twenty times a minute, which is not for guests to use up.
  const groups = groundsOf(terms, { by }, elapsedMs)
    ? { members: [], unread: [] }
    : await groupsOf(ports, sender.user, groupsAsked(terms, elapsedMs))
  const speaker: Speaker = { by, groups: groups.members }
  if (groundsOf(terms, speaker, elapsedMs)) return { kind: 'speaker', speaker }
  if (groups.unread.length === 0) return { kind: 'speaker', speaker: { by } }
  const which = groups.unread.map((group) => `<!subteam^${group}>`).join(', ')
  return refused(
    'groupUnread',
    `Slack does not say just now who is in ${which}, so nothing was done. Try again in a minute.`,
  )
}

/** Whether a sender is a full member of the workspace now. */
export async function memberFor(
  { slack, log }: Asking,
  sender: Sender,
  workspace: string,
): Promise<Speaking> {
  try {
    const why = whyNoMember(await slack.userInfo(sender.user), sender.user, workspace)
    if (why !== undefined)
      return refused(why, 'Only full members of the workspace may do this: you are not one.')
  } catch (error) {
    log.failed('a user could not be read', { user: sender.user, workspace }, error)
    return refused(
      'memberUnread',
      'Slack does not say just now who you are, so nothing was done. Try again in a minute.',
    )
  }
  return { kind: 'speaker', speaker: { by: slackIdentity({ workspace, user: sender.user }) } }
}

function whyNoMember(member: SlackMember, user: string, workspace: string): string | undefined {
  if (member.id !== user || member.workspace !== workspace) return 'foreign'
  if (member.isStranger) return 'stranger'
  if (member.isDeactivated) return 'deactivated'
  if (member.isGuest) return 'guest'
  return member.isBot || member.id === SLACKBOT ? 'bot' : undefined
}

/** Of these groups: those that a user is in, and those of which it is not known. */
async function groupsOf(
  { slack, log }: Asking,
  user: string,
  groups: readonly string[],
): Promise<{ members: string[]; unread: string[] }> {
  const [members, unread]: [string[], string[]] = [[], []]
  await Promise.all(
    groups.map(async (group) => {
      try {
        if ((await slack.groupMembers(group)).includes(user)) members.push(group)
      } catch (error) {
        log.failed('a user group could not be read', { user, action: group }, error)
        unread.push(group)
      }
    }),
  )
  return { members, unread }
}
