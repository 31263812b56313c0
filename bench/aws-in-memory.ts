/**
 * EC2, STS and an empty DynamoDB table from memory, in a process of its own: real HTTP on loopback, so that the caller pays for sockets,
 * signing and XML as in life, while the work of answering is neither on its event loop nor in its memory.
 * The parent talks to it by messages, see `aws-process.ts`. It honours filters and pages, and counts what it is asked.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { emptyTable } from './empty-table.ts'
import {
  ACCOUNT,
  groupId,
  groupXml,
  interfaceXml,
  type Rule,
  rulesOf,
  type World,
} from './security-groups.ts'

/** A call as it came: its operation, and the ids that it named. */
export interface SeenCall {
  operation: string
  ids: string[]
}

export interface Seen {
  calls: SeenCall[]
  /** Most requests under way at the same time. */
  mostAtOnce: number
  /** Open rules that are left. */
  openRules: number
}

export type Ask = { kind: 'reset'; world: World } | { kind: 'seen' }
export type Tell = { kind: 'ready'; endpoint: string } | { kind: 'done' } | ({ kind: 'seen' } & Seen)

let world: World = { groups: 0, delayMs: 0 }
let numbers = new Map<string, number>()
let rules = new Map<string, Rule[]>()
let seen: Omit<Seen, 'openRules'> = { calls: [], mostAtOnce: 0 }
let underWay = 0
let isTooMuch = (): boolean => false

function reset(to: World): void {
  world = to
  const all = Array.from({ length: world.groups }, (_, number) => number)
  numbers = new Map(all.map((number) => [groupId(number), number]))
  rules = new Map(all.map((number) => [groupId(number), rulesOf(number)]))
  seen = { calls: [], mostAtOnce: 0 }
  isTooMuch = limit(world.throttle)
}

/** Whether EC2 takes no further call now. */
function limit(throttle: World['throttle']): () => boolean {
  if (!throttle) return () => false
  if ('call' in throttle) return () => seen.calls.length === throttle.call
  const { size, perSecond } = throttle
  let tokens = size
  let filledAt = performance.now()
  return () => {
    const now = performance.now()
    tokens = Math.min(size, tokens + ((now - filledAt) / 1000) * perSecond)
    filledAt = now
    if (tokens < 1) return true
    tokens -= 1
    return false
  }
}

function openRules(): number {
  return [...rules.values()]
    .flat()
    .filter(({ egress, xml }) => !egress && /[>:]0?\/0<|0\.0\.0\.0\/0</.test(xml)).length
}

interface Answered {
  status: number
  body: string
  ids: string[]
}

function answer(parameters: URLSearchParams): Answered {
  const operation = parameters.get('Action') ?? ''
  switch (operation) {
    case 'GetCallerIdentity': {
      const arn = `arn:aws:iam::${ACCOUNT}:user/bench`
      const result = `<Arn>${arn}</Arn><UserId>AIDABENCH</UserId><Account>${ACCOUNT}</Account>`
      return ok(operation, `<GetCallerIdentityResult>${result}</GetCallerIdentityResult>`, [])
    }
    case 'AssumeRole': {
      const keys = '<AccessKeyId>ASIABENCH</AccessKeyId><SecretAccessKey>bench</SecretAccessKey>'
      const until = new Date(Date.now() + 900_000).toISOString()
      const session = `<SessionToken>bench</SessionToken><Expiration>${until}</Expiration>`
      const result = `<Credentials>${keys}${session}</Credentials>`
      return ok(operation, `<AssumeRoleResult>${result}</AssumeRoleResult>`, [])
    }
    case 'DescribeSecurityGroupRules': {
      const ids = filtered(parameters)
      const found = ids.flatMap((id) => rules.get(id) ?? []).map(({ xml }) => xml)
      return ok(operation, page(found, parameters, 'securityGroupRuleSet'), ids)
    }
    case 'DescribeSecurityGroups': {
      const ids = filtered(parameters)
      return ok(operation, page(ids.flatMap(known).map(groupXml), parameters, 'securityGroupInfo'), ids)
    }
    case 'DescribeNetworkInterfaces': {
      const ids = filtered(parameters)
      return ok(operation, page(ids.flatMap(known).map(interfaceXml), parameters, 'networkInterfaceSet'), ids)
    }
    case 'RevokeSecurityGroupIngress':
      return revoke(operation, parameters)
    default:
      return refused('InvalidAction', `this AWS does not know ${operation}`)
  }
}

function revoke(operation: string, parameters: URLSearchParams): Answered {
  if (parameters.get('DryRun') === 'true')
    return refused('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)
  const group = parameters.get('GroupId') ?? ''
  const ids = listOf(parameters, 'SecurityGroupRuleId')
  const there = rules.get(group) ?? []
  if (!ids.every((id) => there.some((rule) => rule.id === id && !rule.egress)))
    return refused('InvalidSecurityGroupRuleId.NotFound', 'The specified rule does not exist')
  rules.set(
    group,
    there.filter(({ id }) => !ids.includes(id)),
  )
  return ok(operation, '<return>true</return>', [group, ...ids])
}

/** The values of the one filter that the callers use; another one is refused, never ignored. */
function filtered(parameters: URLSearchParams): string[] {
  if (parameters.get('Filter.1.Name') !== 'group-id' || parameters.has('Filter.2.Name'))
    throw new Error('the only filter here is group-id')
  return listOf(parameters, 'Filter.1.Value')
}

function listOf(parameters: URLSearchParams, name: string): string[] {
  const values: string[] = []
  for (let n = 1; parameters.has(`${name}.${n}`); n++) values.push(parameters.get(`${name}.${n}`)!)
  return values
}

function known(id: string): number[] {
  const number = numbers.get(id)
  return number === undefined ? [] : [number]
}

function page(items: string[], parameters: URLSearchParams, set: string): string {
  const start = Number(parameters.get('NextToken') ?? 0)
  const end = start + Number(parameters.get('MaxResults') ?? 1000)
  const more = end < items.length ? `<nextToken>${end}</nextToken>` : ''
  return `<${set}>${items.slice(start, end).join('')}</${set}>${more}`
}

function ok(operation: string, inner: string, ids: string[]): Answered {
  return {
    status: 200,
    body: `<${operation}Response><requestId>r</requestId>${inner}</${operation}Response>`,
    ids,
  }
}

function refused(code: string, message: string, status = 400): Answered {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return { status, body: `<Response><Errors>${error}</Errors><RequestID>r</RequestID></Response>`, ids: [] }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** DynamoDB names its operation in a header, EC2 and STS in the form. */
function answered(request: IncomingMessage, text: string): Answered & { operation: string; type: string } {
  const target = request.headers['x-amz-target']
  if (typeof target === 'string') {
    const operation = target.split('.')[1] ?? ''
    const body = JSON.stringify(emptyTable(operation, text))
    return { operation, type: 'application/x-amz-json-1.0', status: 200, body, ids: [] }
  }
  const parameters = new URLSearchParams(text)
  const operation = parameters.get('Action') ?? ''
  const taken = isTooMuch()
    ? refused('RequestLimitExceeded', 'Request limit exceeded.', 503)
    : answer(parameters)
  return { operation, type: 'text/xml', ...taken }
}

const server = createServer(async (request, response) => {
  underWay += 1
  seen.mostAtOnce = Math.max(seen.mostAtOnce, underWay)
  const text = await textOf(request)
  const call: SeenCall = { operation: '', ids: [] }
  seen.calls.push(call)
  const { operation, type, status, body, ids } = answered(request, text)
  Object.assign(call, { operation, ids })
  const send = () => {
    underWay -= 1
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'r' }).end(body)
  }
  if (world.delayMs > 0) setTimeout(send, world.delayMs)
  else send()
})
server.keepAliveTimeout = 60_000

const tell = (message: Tell) => process.send?.(message)

process.on('message', (ask: Ask) => {
  if (ask.kind === 'reset') reset(ask.world)
  tell(ask.kind === 'reset' ? { kind: 'done' } : { kind: 'seen', ...seen, openRules: openRules() })
})
process.on('disconnect', () => process.exit())

server.listen(0, '127.0.0.1', () => {
  tell({ kind: 'ready', endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
