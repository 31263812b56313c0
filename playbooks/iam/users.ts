import pLimit from 'p-limit'
import type { Finding } from '../../src/findings/finding.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { type NotApplicable, notApplicable, type Reader, type Target } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { ownTargets, targetOf } from '../../src/playbook/resource/target.ts'

/** Users, by name with the path, without which the ARN is another: `teams/web/alice`. */
export const USER = {
  resource: 'AWS::IAM::User',
  ids: nameIds(/[\w+=,.@/-]/, 576, ['alice']),
  arn: 'arn:{partition}:iam::{account}:user/{id}',
  tagsOf: 'the user',
} as const

/** The name that IAM's calls take. */
export const userName = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

export const idOfUser = (arn: string): string => arn.slice(arn.indexOf('/') + 1)

/** What AWS Config calls a user (IAM user guide, "Unique identifiers"). */
const UNIQUE_ID = /^AIDA[A-Z0-9]{12,}$/

/** IAM actions of `usersNamed`. */
export const USER_READS = ['iam:ListUsers', 'iam:GetUser'] as const

/**
 * The users that a finding names by name, ARN or unique id; where it names nothing but the account, those of it that are
 * `wrong`.
 * @param wrong asked of each user of the account; a user who is deleted meanwhile is none
 */
export async function usersNamed(
  finding: Finding,
  aws: Reader,
  wrong: (aws: Reader, UserName: string) => Promise<boolean>,
): Promise<Target[] | NotApplicable> {
  if (finding.resources.some(({ id }) => id === finding.account)) {
    const limit = pLimit(8)
    const users = await aws.list('iam', 'ListUsers', {}, 'Users')
    const found = await Promise.all(
      users.map(({ UserName = '', Arn = '' }) =>
        limit(async () => ((await isWrong(wrong, aws, UserName)) ? [idOfUser(Arn)] : [])),
      ),
    )
    return found.flat().map((id) => targetOf(USER, id, finding))
  }
  const own = ownTargets(USER, finding)
  if (own.length === 0) return notApplicable('the finding names no AWS::IAM::User')
  const named = await Promise.all(own.map((target) => withPath(target, finding, aws)))
  return [...new Map(named.map((target) => [target.key, target])).values()]
}

async function isWrong(wrong: Parameters<typeof usersNamed>[2], aws: Reader, name: string): Promise<boolean> {
  try {
    return await wrong(aws, name)
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** One that is not there keeps the words of the finding: the look says that it is gone. */
async function withPath(target: Target, finding: Finding, aws: Reader): Promise<Target> {
  const { id, notUnderstood } = target
  if (notUnderstood !== undefined || id.includes('/')) return target
  const arn = UNIQUE_ID.test(id) ? await arnOfUnique(aws, id) : await arnOfNamed(aws, id)
  return arn === undefined ? target : targetOf(USER, idOfUser(arn), finding)
}

async function arnOfUnique(aws: Reader, id: string): Promise<string | undefined> {
  const users = await aws.list('iam', 'ListUsers', {}, 'Users')
  return users.find(({ UserId }) => UserId === id)?.Arn
}

async function arnOfNamed(aws: Reader, UserName: string): Promise<string | undefined> {
  try {
    return (await aws.read('iam', 'GetUser', { UserName })).User?.Arn
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}
