import type { Aws, Place } from '../aws/port.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { Permission } from '../playbook/permissions.ts'
import type { Reader, Tags } from '../playbook/playbook.ts'
import type { Clock } from './clock.ts'
import type { EnginePorts } from './ports.ts'
import { remembering, unreadShortly } from './remembering.ts'

/** In whatever organisation, whoever manages it: who asks knows neither. */
const ACCOUNTS = 'arn:{partition}:organizations::*:account/*'
const UNITS = 'arn:{partition}:organizations::*:ou/*'

/** What it takes of IAM to tell where accounts stand. */
export const ORGANIZATION_NEEDS: readonly Permission[] = [
  { action: 'organizations:DescribeAccount', resource: ACCOUNTS },
  { action: 'organizations:ListParents', resource: ACCOUNTS },
  { action: 'organizations:ListParents', resource: UNITS },
  { action: 'organizations:ListTagsForResource', resource: ACCOUNTS },
]

/** How long an answer is believed (ms): accounts move seldom, and a rule that is made for one is not made in a hurry. */
const BELIEVED_MS = 5 * 60_000
/** Units within each other, the root included, by far more than AWS allows. */
const MOST_ABOVE = 20
/** What AWS says only in its documentation. */
const WHO_IS_ANSWERED =
  'only the management account and delegated administrators of AWS services are answered'

type Answered<T> = { is: T } | { unreadable: string }

/**
 * Where accounts stand in their organisation, as AWS Organizations tells. An account that it does not tell of, for
 * whatever reason, stands nowhere that is known: what was asked of it is unread, and never "in no unit".
 * @param home the account that asks, and a region of its partition
 */
export function accountPlaces(
  aws: Pick<Aws, 'reader'>,
  home: () => Promise<Place>,
  clock: Pick<Clock, 'now'>,
): NonNullable<EnginePorts['organization']> {
  const until = unreadShortly((answer: Answered<unknown>) => 'unreadable' in answer)
  const paths = remembering<Answered<string[]>>(clock, BELIEVED_MS, until)
  const bags = remembering<Answered<Tags>>(clock, BELIEVED_MS, until)
  const asking = async <T>(ask: (reader: Reader) => Promise<T>): Promise<Answered<T>> => {
    try {
      const reads = [...new Set(ORGANIZATION_NEEDS.map(({ action }) => action))]
      return { is: await ask(aws.reader(await home(), reads, () => undefined)) }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return { unreadable: whyNot(error) }
    }
  }

  return async (account, asks) => {
    const [path, tags] = await Promise.all([
      asks.path ? paths(account, () => asking((reader) => pathOf(reader, account))) : undefined,
      asks.tags ? bags(account, () => asking((reader) => tagsOf(reader, account))) : undefined,
    ])
    const why = [path, tags].flatMap((each) => (each && 'unreadable' in each ? [each.unreadable] : []))
    return {
      path: path && 'is' in path ? path.is : 'unread',
      tags: tags && 'is' in tags ? tags.is : 'unread',
      ...(why.length > 0 && { unreadable: [...new Set(why)].join('; ') }),
    }
  }
}

function whyNot({ action, message, kind }: AwsError): string {
  const text = `${action}: ${message.replace(/\.$/, '')}`
  return kind === 'denied' ? `${text} (${WHO_IS_ANSWERED})` : text
}

/** Ids from the root down. Not everywhere the account's own description tells them. */
async function pathOf(reader: Reader, account: string): Promise<string[]> {
  const { Account } = await reader.read('organizations', 'DescribeAccount', { AccountId: account })
  return (Account && describedPath(account, Account)) ?? climbed(reader, account)
}

/**
 * The path that an account's description gives, `o-…/r-…/ou-…/ou-…/ACCOUNT/`; undefined where it gives none, several, or
 * one that is not understood.
 */
function describedPath(
  account: string,
  described: { Path?: unknown; Paths?: unknown },
): string[] | undefined {
  const given = [described.Paths, described.Path].flat().filter((path) => path !== undefined)
  const [path, ...others] = new Set(given)
  if (typeof path !== 'string' || others.length > 0) return undefined
  const [, units, last] = /^o-\w+\/(r-\w+(?:\/ou-\w+-\w+)*)(?:\/(\d{12}))?\/?$/.exec(path) ?? []
  return last === undefined || last === account ? units?.split('/') : undefined
}

/** From the account up to the root, one call a step. */
async function climbed(reader: Reader, account: string): Promise<string[]> {
  const path: string[] = []
  for (let child = account; path.length < MOST_ABOVE; ) {
    const parents = await reader.list('organizations', 'ListParents', { ChildId: child }, 'Parents')
    const [{ Id, Type } = {}, ...others] = parents
    if (Id === undefined || others.length > 0)
      throw unclear(`names ${parents.length} parents of ${child}, of which there is one`)
    path.unshift(Id)
    if (Type === 'ROOT') return path
    child = Id
  }
  throw unclear(`names no root above ${account}`)
}

function unclear(what: string): AwsError {
  const action = 'organizations:ListParents'
  return new AwsError({ kind: 'final', code: 'UnclearParents', action }, `AWS ${what}`)
}

async function tagsOf(reader: Reader, account: string): Promise<Tags> {
  const input = { ResourceId: account }
  const tags = await reader.list('organizations', 'ListTagsForResource', input, 'Tags')
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
}
