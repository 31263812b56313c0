import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Aws, Place } from '../../aws/port.ts'
import { DETECTORS } from '../../detectors/all-detectors.ts'
import type { Detector } from '../../detectors/detector.ts'
import { BadRequest } from '../../engine/refusals.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import { didYouMean } from '../../policy/file/spelling.ts'
import { callersPlace } from '../program/environment.ts'
import type { Invocation } from '../program/invocation.ts'
import { numberOf, timeOf } from './run-filter.ts'

/** What of the detectors is asked for, and in which accounts. */
export interface FromDetectors {
  /** Those that are asked. */
  from?: Detector[]
  since?: Since
  accounts?: string[]
  /** Id of an organisational unit, or of a root. */
  ou?: string
  /** Most calls to detectors. */
  calls?: number
}

/** A time as a person wrote it, and what it means now: ms since 1970, UTC. */
export interface Since {
  text: string
  at: number
}

/** By which a person enters other accounts; as the functions of a deployment do, where nothing is said. */
export interface MemberRoles {
  readRole?: string
  changeRole?: string
  externalId?: string
}

/** Calls of one listing: 50,000 findings of most detectors, in a few hours where Security Hub takes three a second. */
export const MOST_CALLS = 1_000

/** Declares what is asked of detectors. */
export function addFromDetectors(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--from <detectors>',
        `ask these for what is open, with commas: ${DETECTORS.map(({ id }) => id).join(', ')}`,
      ).argParser(detectorsIn),
    )
    .addOption(
      new Option('--since <when>', 'only what was seen since: 24h, 30d, 2026-11-20').argParser(
        (text): Since => ({ text, at: timeOf(text) }),
      ),
    )
    .addOption(
      new Option(
        '--accounts <ids>',
        'ask in these accounts, with commas (default: that of the caller)',
      ).argParser(accountsIn),
    )
    .addOption(
      new Option(
        '--ou <id>',
        'ask in the accounts of this organisational unit or root, and of those in it',
      ).argParser(unitIn),
    )
    .addOption(
      new Option('--calls <number>', `most calls to detectors (default: ${MOST_CALLS})`).argParser(numberOf),
    )
    .addOption(
      new Option(
        '--read-role <name>',
        'role that looks in other accounts (default: RECTIFY_MEMBER_READ_ROLE, else RectifyRead)',
      ),
    )
    .addOption(
      new Option(
        '--change-role <name>',
        'role whose calls are dry-run there (default: RECTIFY_MEMBER_CHANGE_ROLE, else RectifyChange)',
      ),
    )
    .addOption(new Option('--external-id <id>', 'what these roles ask for (default: RECTIFY_EXTERNAL_ID)'))
}

/** Throws `BadRequest` for what says how detectors are asked where none is. */
export function refuseWithoutDetectors({ from, since, accounts, ou, calls }: FromDetectors): void {
  if (from !== undefined) return
  const said = Object.entries({ since, accounts, ou, calls }).find(([, value]) => value !== undefined)
  if (said) throw new BadRequest('usage', `--${said[0]} is about --from: name the detectors to ask`)
}

/** Where detectors are asked. */
export interface PlacesAsked {
  places: Place[]
  /** Accounts of the unit that are not open: they have nothing to be asked. */
  closed: string[]
}

/**
 * Where detectors are asked: the caller's account unless others are named, in the caller's region.
 * @throws BadRequest `credentials` where the accounts of a unit cannot be listed
 */
export async function placesAsked(
  invocation: Invocation,
  aws: Aws,
  { accounts = [], ou }: FromDetectors,
): Promise<PlacesAsked> {
  const home = await callersPlace(invocation, await aws.identity())
  const inUnit = ou === undefined ? { active: [], others: [] } : await accountsOf(aws, home, ou)
  const named = [...new Set([...accounts, ...inUnit.active])]
  if (ou !== undefined && named.length === 0)
    throw new BadRequest('usage', `--ou ${ou}: there is no active account in it`)
  const all = named.length === 0 ? [home.account] : named
  return { places: all.map((account) => ({ ...home, account })), closed: inUnit.others }
}

async function accountsOf(aws: Aws, home: Place, ou: string) {
  const { accountsUnder } = await import('../../engine/asking/accounts-under.ts')
  try {
    return await accountsUnder(aws, home, ou)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.kind === 'gone') throw new BadRequest('usage', `--ou ${ou}: there is none`, { cause: error })
    const who = 'AWS Organizations answers its management account and delegated administrators only'
    const advice = `${who}; --accounts names accounts without asking it`
    throw new BadRequest('credentials', `--ou ${ou}: ${error.action}: ${error.message}; ${advice}`, {
      cause: error,
    })
  }
}

function detectorsIn(text: string): Detector[] {
  const known = DETECTORS.map(({ id }) => id)
  const named = partsOf(text).map((name) => {
    const found = DETECTORS.find(({ id }) => id === name.toLowerCase())
    if (found) return found
    const advice = didYouMean(name, known) || '.'
    throw new InvalidArgumentError(
      `"${name}" is no detector that can be asked${advice} There are ${known.join(', ')}.`,
    )
  })
  // In the order in which they are asked; one that is named twice is asked once.
  return DETECTORS.filter((each) => named.includes(each))
}

function accountsIn(text: string): string[] {
  const ids = partsOf(text)
  const wrong = ids.find((id) => !/^\d{12}$/.test(id))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is no account: give ids of twelve digits.`)
  return [...new Set(ids)]
}

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html */
function unitIn(text: string): string {
  if (/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/.test(text)) return text
  throw new InvalidArgumentError('give the id of a unit or root, such as ou-ab12-34567890 or r-ab12.')
}

function partsOf(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.some((part) => part === '')) throw new InvalidArgumentError('a name between the commas is empty.')
  return parts
}
