import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { type Json, Refused } from './workspace-types.ts'

/** A request as it came in. */
export interface Incoming {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface Reply {
  status: number
  headers: OutgoingHttpHeaders
  body: Buffer | string
}

/** `cut`: the connection breaks; `hang`: it stays, and nothing comes; `stall`: the answer begins, and no more comes. */
export type Outcome = Reply | 'cut' | 'hang' | 'stall'

export const json = (value: unknown, status = 200, headers: OutgoingHttpHeaders = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(value),
})

export const plain = (body: string, status = 200, type = 'text/plain'): Reply => ({
  status,
  headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' },
  body,
})

export async function read(incoming: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://slack')
  const { method = 'GET', headers } = incoming
  return { method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks) }
}

export function reply(outgoing: ServerResponse, outcome: Outcome): void {
  if (outcome === 'hang') return
  if (outcome === 'stall')
    outgoing.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).write('{"ok":')
  else if (outcome === 'cut') outgoing.socket?.resetAndDestroy()
  else outgoing.writeHead(outcome.status, outcome.headers).end(outcome.body)
}

/**
 * The arguments of a call, as a form or as JSON.
 * @throws {Refused} `invalid_json`, `invalid_post_type`
 */
export function argsOf({ headers, body, query }: Incoming): Json {
  const type = (headers['content-type'] ?? '').split(';')[0]
  const inQuery = Object.fromEntries(query)
  if (type === 'application/json') return { ...inQuery, ...jsonObject(body) }
  if (type === 'application/x-www-form-urlencoded' || body.length === 0)
    return { ...inQuery, ...Object.fromEntries(new URLSearchParams(body.toString())) }
  throw new Refused('invalid_post_type')
}

/** @throws {Refused} `invalid_json` */
export function jsonObject(body: Buffer): Json {
  try {
    const value: unknown = JSON.parse(body.toString() || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new Refused('invalid_json')
}

/** What is in the one file of a form, or the whole body where it is none. */
export async function fileIn({ headers, body }: Incoming): Promise<Buffer> {
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return body
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const file = [...form.values()].find((value) => typeof value !== 'string')
  if (!file) throw new Refused('no_file_data')
  return Buffer.from(await file.arrayBuffer())
}
