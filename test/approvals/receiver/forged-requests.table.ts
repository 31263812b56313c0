import {
  type Clicking,
  clickBody,
  clickPayload,
  commandBody,
  FORM,
  type Making,
  payloadBody,
  signatureOf,
  signed,
  submissionBody,
  submissionPayload,
  type Twist,
  type WireRequest,
} from '../../support/slack-requests.ts'

/** With what the rows are made: a waiting run, and users of whom Slack knows what their names say. */
export interface Forging extends Making {
  /** A run that waits for an approval by `approver`. */
  run: string
  /** Of its plan, whole. */
  hash: string
  workspace: string
  users: Record<'approver' | 'colleague' | 'guest' | 'deactivated' | 'bot' | 'stranger', string>
}

/** A request that must change nothing, and how it is answered. */
export interface ForgedRow {
  name: string
  status: number
  make(forging: Forging): WireRequest
  /** Cannot be sent over HTTP as it is: it is what Lambda would hand over. */
  handed?: true
}

const OTHER_TEAM = 'T0ELSEWHERE'
const OTHER_HASH = `sha256:${'0'.repeat(64)}`
const UNKNOWN_RUN = '01K99999999999999999999999'

const seconds = ({ now }: Making, off = 0) => String(Math.floor(now / 1000) + off)
const value = ({ run, hash }: Forging) => `${run}:${hash}`
const approving = (forging: Forging, more: Partial<Clicking> = {}): Clicking => ({
  user: forging.users.approver,
  workspace: forging.workspace,
  action: 'approve',
  value: value(forging),
  ...more,
})
const approval = (forging: Forging, more?: Partial<Clicking>) => clickBody(approving(forging, more))

const plain = (request: Partial<WireRequest>): WireRequest => ({
  method: 'POST',
  path: '/',
  headers: {},
  body: '',
  ...request,
})
/** An approval that would count, twisted. */
const twisted = (name: string, status: number, twist: (forging: Forging) => Twist): ForgedRow => ({
  name,
  status,
  make: (forging) => signed(forging, approval(forging), twist(forging)),
})
const unsigned = (name: string, make: (forging: Forging) => Partial<WireRequest>): ForgedRow => ({
  name: `unsigned: ${name}`,
  status: 401,
  make: (forging) => plain(make(forging)),
})
/** An approval with another text where its signature stands. */
const signature = (name: string, change: (genuine: string, forging: Forging) => string): ForgedRow =>
  twisted(`signature: ${name}`, 401, (forging) => {
    const genuine = signatureOf(forging.secret, seconds(forging), approval(forging))
    return { headers: { 'x-slack-signature': change(genuine, forging) } }
  })
/** An approval that was signed rightly, for this time. */
const time = (name: string, at: (forging: Forging) => string): ForgedRow =>
  twisted(`time: ${name}`, 401, (forging) => ({ timestamp: at(forging) }))
/** A body that was signed rightly. */
const genuine = (
  name: string,
  status: number,
  body: (forging: Forging) => string,
  twist: Twist = {},
): ForgedRow => ({
  name: `signed: ${name}`,
  status,
  make: (forging) => signed(forging, body(forging), twist),
})
/** A click whose payload was changed before it was signed. */
const payload = (
  name: string,
  status: number,
  change: (payload: ReturnType<typeof clickPayload>, forging: Forging) => unknown,
): ForgedRow =>
  genuine(name, status, (forging) => payloadBody(change(clickPayload(approving(forging)), forging)))
const button = (name: string, status: number, more: (forging: Forging) => Partial<Clicking>): ForgedRow =>
  genuine(name, status, (forging) => approval(forging, more(forging)))
const command = (name: string, text: (forging: Forging) => string, user: keyof Forging['users']): ForgedRow =>
  genuine(name, 200, (forging) =>
    commandBody({ user: forging.users[user], workspace: forging.workspace, text: text(forging) }),
  )

const UNSIGNED: ForgedRow[] = [
  unsigned('GET', () => ({ method: 'GET' })),
  unsigned('HEAD', () => ({ method: 'HEAD' })),
  unsigned('OPTIONS', () => ({ method: 'OPTIONS' })),
  unsigned('PUT of an approval', (forging) => ({ method: 'PUT', body: approval(forging) })),
  unsigned('PATCH of an approval', (forging) => ({ method: 'PATCH', body: approval(forging) })),
  unsigned('DELETE', () => ({ method: 'DELETE' })),
  unsigned('a link that a mail scanner opens', ({ run, hash }) => ({
    method: 'GET',
    path: `/approve/${run}/${hash}`,
  })),
  unsigned('a path that nobody has', (forging) => ({ path: '/slack/events', body: approval(forging) })),
  unsigned('an empty body', () => ({})),
  unsigned('an approval', (forging) => ({ headers: { 'content-type': FORM }, body: approval(forging) })),
  unsigned('a form in another charset', (forging) => ({
    headers: { 'content-type': `${FORM}; charset=iso-8859-1` },
    body: approval(forging),
  })),
  unsigned('JSON that is none', () => ({ headers: { 'content-type': 'application/json' }, body: '{"a":' })),
  unsigned('plain text', () => ({ headers: { 'content-type': 'text/plain' }, body: 'approve' })),
  unsigned('the challenge of the Events API', () => ({
    headers: { 'content-type': 'application/json' },
    body: '{"type":"url_verification","challenge":"abc"}',
  })),
  unsigned('ssl_check', () => ({ headers: { 'content-type': FORM }, body: 'ssl_check=1' })),
  unsigned('300 kB', () => ({ headers: { 'content-type': FORM }, body: 'a'.repeat(300_000) })),
  unsigned('a time without a signature', (forging) => ({
    headers: { 'content-type': FORM, 'x-slack-request-timestamp': seconds(forging) },
    body: approval(forging),
  })),
  unsigned('a signature without a time', (forging) => ({
    headers: {
      'content-type': FORM,
      'x-slack-signature': signatureOf(forging.secret, seconds(forging), approval(forging)),
    },
    body: approval(forging),
  })),
]

const SIGNATURES: ForgedRow[] = [
  signature('empty', () => ''),
  signature('v0= and nothing', () => 'v0='),
  signature('a digit short', (hex) => hex.slice(0, -1)),
  signature('a digit long', (hex) => `${hex}0`),
  signature('in capitals', (hex) => `v0=${hex.slice(3).toUpperCase()}`),
  signature('not hex', (hex) => `${hex.slice(0, -1)}g`),
  signature('of version 1', (hex) => hex.replace('v0', 'v1')),
  signature('without a version', (hex) => hex.slice(3)),
  signature('of version V0', (hex) => hex.replace('v0', 'V0')),
  signature('twice', (hex) => `${hex},${hex}`),
  signature('in base64', (hex) => `v0=${Buffer.from(hex.slice(3), 'hex').toString('base64')}`),
  signature('its last digit another', (hex) => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`),
  signature('by another secret', (_hex, forging) =>
    signatureOf(`${forging.secret}x`, seconds(forging), approval(forging)),
  ),
  signature('by an empty secret', (_hex, forging) => signatureOf('', seconds(forging), approval(forging))),
  signature('for another time', (_hex, forging) =>
    signatureOf(forging.secret, seconds(forging, -1), approval(forging)),
  ),
  signature('of another user', (_hex, forging) =>
    signatureOf(forging.secret, seconds(forging), approval(forging, { user: forging.users.colleague })),
  ),
  signature('of another plan', (_hex, forging) =>
    signatureOf(
      forging.secret,
      seconds(forging),
      approval(forging, { value: `${forging.run}:${OTHER_HASH}` }),
    ),
  ),
  signature('of an empty body', (_hex, forging) => signatureOf(forging.secret, seconds(forging), '')),
  {
    name: 'signature: two that differ, by names that differ in case',
    status: 401,
    handed: true,
    make(forging) {
      const request = signed(forging, approval(forging))
      return { ...request, headers: { ...request.headers, 'X-Slack-Signature': `v0=${'0'.repeat(64)}` } }
    },
  },
  {
    name: 'signature: of a body that is called base64 and is not',
    status: 401,
    handed: true,
    make: (forging) => ({ ...signed(forging, approval(forging)), isBase64Encoded: true }),
  },
]

const TIMES: ForgedRow[] = [
  time('301 s old', (forging) => seconds(forging, -301)),
  time('a day old', (forging) => seconds(forging, -86_400)),
  time('302 s ahead', (forging) => seconds(forging, 302)),
  time('a day ahead', (forging) => seconds(forging, 86_400)),
  time('in milliseconds', ({ now }) => String(now)),
  time('a word', () => 'now'),
  time('missing', () => ''),
  time('with a fraction', (forging) => `${seconds(forging)}.5`),
  time('negative', (forging) => `-${seconds(forging)}`),
  time('with a plus', (forging) => `+${seconds(forging)}`),
  time('with a zero in front', (forging) => `0${seconds(forging)}`),
  time('hexadecimal', (forging) => `0x${Number(seconds(forging)).toString(16)}`),
  time('in powers of ten', (forging) => `${Number(seconds(forging)) / 1e9}e9`),
  time('twice', (forging) => `${seconds(forging)},${seconds(forging)}`),
]

const UNREADABLE: ForgedRow[] = [
  twisted('signed: GET', 405, () => ({ method: 'GET' })),
  twisted('signed: PUT', 405, () => ({ method: 'PUT' })),
  twisted('signed: DELETE', 405, () => ({ method: 'DELETE' })),
  twisted('signed: as JSON', 400, () => ({ contentType: 'application/json' })),
  twisted('signed: as text', 400, () => ({ contentType: 'text/plain' })),
  twisted('signed: as parts', 400, () => ({ contentType: 'multipart/form-data; boundary=a' })),
  twisted('signed: as nothing', 400, () => ({ contentType: null })),
  twisted('signed: in another charset', 400, () => ({ contentType: `${FORM}; charset=iso-8859-1` })),
  genuine('more than 256 kB', 401, (forging) => `${approval(forging)}&pad=${'a'.repeat(262_144)}`),
  genuine('an empty body', 400, () => ''),
  genuine('payload twice', 400, (forging) => `${approval(forging)}&${approval(forging)}`),
  genuine('payload that is no JSON', 400, () => 'payload=%7B%22type%22%3A'),
  genuine('payload null', 400, () => payloadBody(null)),
  genuine('payload a list', 400, () => payloadBody(['block_actions'])),
  genuine('payload a number', 400, () => payloadBody(7)),
  genuine('payload 50,000 lists deep', 400, () => `payload=${'['.repeat(50_000)}`),
  genuine('payload without a type', 400, () => payloadBody({ user: { id: 'U0' } })),
  genuine(
    'a type by inheritance',
    400,
    () => 'payload=%7B%22__proto__%22%3A%7B%22type%22%3A%22block_actions%22%7D%7D',
  ),
  {
    name: 'signed: bytes that are no UTF-8',
    status: 400,
    handed: true,
    make(forging) {
      const { users, workspace } = forging
      const command = commandBody({ user: users.approver, workspace, text: 'pause' })
      const bytes = Buffer.concat([Buffer.from(`${command}&more=`), Buffer.from([0xff, 0xfe])])
      const request = signed(forging, '')
      const own = signatureOf(forging.secret, seconds(forging), bytes)
      const headers = { ...request.headers, 'x-slack-signature': own }
      return { ...request, headers, body: bytes.toString('base64'), isBase64Encoded: true }
    },
  },
  payload('no user', 400, ({ user: _, ...rest }) => rest),
  payload('a user without an id', 400, (given) => ({ ...given, user: { name: 'ann' } })),
  payload('a user whose id is a number', 400, (given) => ({ ...given, user: { id: 7 } })),
  payload('a user whose id is a name', 400, (given) => ({ ...given, user: { id: 'ann miller' } })),
  payload('no team', 400, ({ team: _, ...rest }) => rest),
  payload('no action', 400, (given) => ({ ...given, actions: [] })),
  payload('actions that are no list', 400, (given) => ({ ...given, actions: { 0: given.actions[0] } })),
  payload('two actions', 400, (given) => ({ ...given, actions: [...given.actions, ...given.actions] })),
  payload('an action without an id', 400, (given) => ({
    ...given,
    actions: [{ ...given.actions[0], action_id: undefined }],
  })),
  payload('a value that is no text', 400, (given) => ({
    ...given,
    actions: [{ ...given.actions[0], value: { run: 1 } }],
  })),
  button('a value of nothing', 400, () => ({ value: '' })),
  button('a value of words', 400, () => ({ value: 'yes' })),
  button('a run without a plan', 400, ({ run }) => ({ value: run })),
  button('the beginning of a hash', 400, ({ run, hash }) => ({ value: `${run}:${hash.slice(0, 23)}` })),
  button('a hash in capitals', 400, ({ run, hash }) => ({ value: `${run}:${hash.toUpperCase()}` })),
  button('a value with more behind it', 400, (forging) => ({ value: `${value(forging)}\n` })),
  button('all of nothing', 400, () => ({ action: 'approve_all', value: '' })),
  button('all, one of them unreadable', 400, (forging) => ({
    action: 'approve_all',
    value: `${value(forging)},${forging.run}`,
  })),
  button('all, one of them twice', 400, (forging) => ({
    action: 'approve_all',
    value: `${value(forging)},${value(forging)}`,
  })),
  genuine('a form without a name', 400, ({ users, workspace, ...forging }) => {
    const about = `${forging.run}:${forging.hash}`
    const { view, ...rest } = submissionPayload({ user: users.approver, workspace, form: 'exempt', about })
    return payloadBody({ ...rest, view: { ...view, callback_id: undefined } })
  }),
  genuine('a form about nothing', 400, ({ users, workspace }) =>
    submissionBody({ user: users.approver, workspace, form: 'exempt', about: '{}' }),
  ),
  genuine('a command by nobody', 400, ({ workspace }) => commandBody({ user: '', workspace, text: 'pause' })),
  genuine('a command of no workspace', 400, ({ users }) =>
    commandBody({ user: users.approver, workspace: '', text: 'pause' }),
  ),
  genuine('a form of no command', 400, () => 'text=pause'),
]

const IDLE: ForgedRow[] = [
  genuine('ssl_check', 200, () => 'ssl_check=1&token=abc'),
  payload('a shortcut', 200, (given) => ({ ...given, type: 'shortcut' })),
  payload('an action on a message', 200, (given) => ({ ...given, type: 'message_action' })),
  payload('a form that was closed', 200, (given) => ({ ...given, type: 'view_closed' })),
  button('a button that no card has', 200, () => ({ action: 'approve_everything' })),
  button('a button called like what every object has', 200, () => ({ action: 'constructor' })),
  genuine('a form that is none of ours', 200, (forging) =>
    submissionBody({
      user: forging.users.approver,
      workspace: forging.workspace,
      form: 'constructor',
      about: value(forging),
    }),
  ),
  command('a command that is none', () => 'constructor', 'approver'),
  command('an approval without the plan', ({ run }) => `approve ${run}`, 'approver'),
  command(
    'an approval by eight digits',
    ({ run, hash }) => `approve ${run} ${hash.slice(7, 15)}`,
    'approver',
  ),
  command('an approval of another plan', ({ run }) => `approve ${run} ${OTHER_HASH}`, 'approver'),
  command('a decline without a reason', ({ run }) => `decline ${run}`, 'approver'),
]

const FOREIGN: ForgedRow[] = [
  button('clicked in another workspace', 200, () => ({ workspace: OTHER_TEAM })),
  button('by a user at home elsewhere', 200, () => ({ home: OTHER_TEAM })),
  payload('of an organisation that names no workspace', 200, (given) => ({ ...given, team: null })),
  button('by a colleague who may not', 200, ({ users }) => ({ user: users.colleague })),
  button('by a guest', 200, ({ users }) => ({ user: users.guest })),
  button('by one who was deactivated', 200, ({ users }) => ({ user: users.deactivated })),
  button('by a bot', 200, ({ users }) => ({ user: users.bot })),
  button('by a stranger of a shared channel', 200, ({ users }) => ({ user: users.stranger })),
  button('by a user whom nobody knows', 200, () => ({ user: 'U0NOBODY' })),
  button('declined by a colleague who may not', 200, ({ users }) => ({
    user: users.colleague,
    action: 'decline',
  })),
  button('about a run that is none', 200, ({ hash }) => ({ value: `${UNKNOWN_RUN}:${hash}` })),
  button('about another plan', 200, ({ run }) => ({ value: `${run}:${OTHER_HASH}` })),
  button('about no plan', 200, ({ run }) => ({ value: `${run}:` })),
  button('an undo of what has changed nothing', 200, () => ({ action: 'undo' })),
  genuine('a reason for a decline that nobody made', 200, (forging) =>
    submissionBody({
      user: forging.users.approver,
      workspace: forging.workspace,
      form: 'reason',
      about: value(forging),
      values: { reason: 'because' },
    }),
  ),
  genuine('an exemption without a reason', 200, (forging) =>
    submissionBody({
      user: forging.users.approver,
      workspace: forging.workspace,
      form: 'exempt',
      about: value(forging),
      values: { until: { chosen: '7' } },
    }),
  ),
  genuine('an exemption for a century', 200, (forging) =>
    submissionBody({
      user: forging.users.approver,
      workspace: forging.workspace,
      form: 'exempt',
      about: value(forging),
      values: { reason: 'because', until: { chosen: '36500' } },
    }),
  ),
  command('a pause by a guest', () => 'pause', 'guest'),
  command('a pause by one who was deactivated', () => 'pause', 'deactivated'),
  command('a resume by one who is no operator', () => 'resume', 'colleague'),
  genuine('a pause from another workspace', 200, ({ users }) =>
    commandBody({ user: users.approver, workspace: OTHER_TEAM, text: 'pause' }),
  ),
]

/** Forged, replayed for another time, stale, malformed, oversized and foreign requests: none of them changes anything. */
export const FORGED_REQUESTS: readonly ForgedRow[] = [
  ...UNSIGNED,
  ...SIGNATURES,
  ...TIMES,
  ...UNREADABLE,
  ...IDLE,
  ...FOREIGN,
]
