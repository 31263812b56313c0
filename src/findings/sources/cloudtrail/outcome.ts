import { BadEvent } from '../../bad-event.ts'
import { at, flag, text } from '../../fields.ts'
import type { FindingStatus } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'

/**
 * What came of a call. One that changed nothing is nothing to act on: it failed, it only asked whether it would be
 * allowed, it only read; or it is this engine's own.
 * @throws BadEvent `unknownShape` when its error is no text
 */
export function outcome(body: Fields): FindingStatus {
  const code = at(body, 'errorCode')
  if (code !== undefined && typeof code !== 'string') {
    throw new BadEvent(
      'unknownShape',
      'errorCode is no text: whether the call failed is not said',
      'errorCode',
    )
  }
  if (typeof code === 'string' && /(^|\.)DryRunOperation$/.test(code)) return 'dryRun'
  const failed = [code, at(body, 'errorMessage')].some(
    (each) => each !== undefined && each !== null && each !== '',
  )
  if (failed || text(body, 'responseElements.ConsoleLogin') === 'Failure') return 'failedCall'
  if (isOwn(body)) return 'own'
  return isRead(body) ? 'notice' : 'active'
}

/** The roles that the engine takes in member accounts (`RectifyRead`, `RectifyChange`) and those of its stack. */
const OWN_ROLE = /^rectify/i
/** The session in which the engine looks. */
const OWN_SESSION = 'rectify'

/**
 * Whoever assumes a role names the session, so a session's name alone excuses nothing but reading; a role's name only
 * who may create roles chooses.
 */
function isOwn(body: Fields): boolean {
  if (text(body, 'userIdentity.type') !== 'AssumedRole') return false
  const [, role = '', session = ''] = text(body, 'userIdentity.arn')?.split(':').at(5)?.split('/') ?? []
  const issuer = text(body, 'userIdentity.sessionContext.sessionIssuer.userName')
  return OWN_ROLE.test(issuer ?? role) || (session === OWN_SESSION && isRead(body))
}

/** Verbs of calls that change nothing. Older records do not say whether a call only reads. */
const READING =
  /^(Batch)?(Check|Converse|Describe|Discover|Estimate|Filter|Get|Head|Invoke|List|Lookup|Preview|Query|Scan|Search|Select|Simulate|Test|Validate|View)[A-Z]/

function isRead(body: Fields): boolean {
  return flag(body, 'readOnly') ?? READING.test(text(body, 'eventName') ?? '')
}
