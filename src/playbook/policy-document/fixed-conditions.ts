/**
 * Conditions that keep everybody out but somebody who is named. AWS takes a policy that lets `*` in for not public where
 * a condition holds one of these keys to fixed values, which have neither wildcard nor policy variable (S3 user guide,
 * "The meaning of public"; AWS Config's rules for functions, queues and topics say the same). Pure.
 */
import { isIP } from 'node:net'
import { listed, type Statement } from './policy-grammar.ts'

type IsFixed = (value: string) => boolean

const plain: IsFixed = (value) => value !== '' && !/[*?]|\$\{/.test(value)

/** Ranges that AWS calls very broad: shorter than /8, of IPv6 than /32. */
const LEAST_BITS = { 4: 8, 6: 32 } as const

const network: IsFixed = (value) => {
  const [address = '', bits] = value.split('/')
  const family = address.includes('%') ? 0 : isIP(address)
  if (family !== 4 && family !== 6) return false
  const prefix = bits === undefined ? (family === 4 ? 32 : 128) : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  return prefix >= LEAST_BITS[family]
}

/** Begins with the organization, whose ids are unique. */
const inOrganization: IsFixed = (value) => /^o-[a-z0-9]{10,32}\//.test(value) && !value.includes('${')
/** A role's sessions have names of their own behind its id. */
const userId: IsFixed = (value) => plain(value) || /^A[A-Z0-9]{15,}:\*$/.test(value)
/** The name of an access point may be left open where its account is not. */
const accessPoint: IsFixed = (value) =>
  plain(value) || /^arn:[a-z-]+:s3:[^:]*:\d{12}:accesspoint\//.test(value)

/** Keys that say who or from where, in lower case: AWS takes them in any. */
const KEYS: ReadonlyMap<string, IsFixed> = new Map<string, IsFixed>([
  ...[
    'aws:principalaccount',
    'aws:principalarn',
    'aws:principalorgid',
    'aws:sourceaccount',
    'aws:sourcearn',
    'aws:sourceorgid',
    'aws:sourceowner',
    'aws:sourcevpc',
    'aws:sourcevpce',
    'aws:vpceaccount',
    'aws:vpceorgid',
    'kms:calleraccount',
    's3:dataaccesspointaccount',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
  ].map((key) => [key, plain] as const),
  ['aws:principalorgpaths', inOrganization],
  ['aws:sourceorgpaths', inOrganization],
  ['aws:vpceorgpaths', inOrganization],
  ['aws:sourceip', network],
  ['aws:userid', userId],
  ['s3:dataaccesspointarn', accessPoint],
])

/**
 * Operators that hold a key to a value. Not those with `IfExists` and `ForAllValues`, which are met where the key is
 * missing, nor those that only exclude.
 */
const HOLDS = /^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike|ipaddress)$/i

/** Operators that say whom a statement is not about. */
const EXCLUDES = /^(for(any|all)values?:)?(stringnot|arnnot|notipaddress)/i

/**
 * Whether a condition of the statement lets in only those whom it names.
 * @param alsoBy keys that say who only there where the statement is, in lower case
 */
export function isNarrowed(statement: Statement, alsoBy: readonly string[] = []): boolean {
  return conditionsOf(statement).some(({ operator, key, values }) => {
    const isFixed = alsoBy.includes(key.toLowerCase()) ? plain : KEYS.get(key.toLowerCase())
    return HOLDS.test(operator) && isFixed !== undefined && values.length > 0 && values.every(isFixed)
  })
}

/** Whether a statement is about all but those whom it names by such keys: as denials are, of all who are not from here. */
export function isAboutOthers(statement: Statement): boolean {
  return conditionsOf(statement).some(
    ({ operator, key }) => EXCLUDES.test(operator) && KEYS.has(key.toLowerCase()),
  )
}

/** The keys that a statement has conditions on, as they are written. */
export function conditionKeys(statement: Statement): string[] {
  return [...new Set(conditionsOf(statement).map(({ key }) => key))]
}

function conditionsOf({ Condition = {} }: Statement) {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: listed(values).map(String),
    })),
  )
}
