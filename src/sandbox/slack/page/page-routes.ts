import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import type { Interaction } from '../interactions/signed-request.ts'
import type { StandInSlack } from '../stand-in.ts'
import { type Incoming, json, jsonObject, plain, type Reply } from '../wire.ts'
import { Refused } from '../workspace-types.ts'
import {
  checked,
  clickForm,
  closeForm,
  commandForm,
  controlForm,
  sayForm,
  submitForm,
} from './control-form.ts'

/** What the page is made of; nothing of it comes from anywhere else. */
const ASSETS: Record<string, string> = {
  'workspace.css': 'text/css',
  'messages.css': 'text/css',
  'blocks.css': 'text/css',
  'dialogs.css': 'text/css',
  'fields.css': 'text/css',
  'workspace.js': 'text/javascript',
  'messages.js': 'text/javascript',
  'blocks.js': 'text/javascript',
  'inputs.js': 'text/javascript',
  'mrkdwn.js': 'text/javascript',
  'dialogs.js': 'text/javascript',
  'elements.js': 'text/javascript',
  'emoji.js': 'text/javascript',
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type PageSlack = Pick<StandInSlack, 'state' | 'click' | 'submit' | 'close' | 'command' | 'say' | 'control'>

/**
 * The page and what it asks for, all under `/page`. A web page of somebody else's that a person has open in the same
 * browser must not click in their name: a request that says to come from elsewhere is refused.
 */
export async function pageReply(
  slack: PageSlack,
  incoming: Incoming,
  files: Map<string, { name: string; content?: Buffer }>,
): Promise<Reply> {
  const { method, path, headers } = incoming
  const place = path.replace(/^\/page\/?/, '')
  if (isForeign(headers)) return json({ error: 'foreign_origin' }, 403)
  if (method === 'POST') return posted(slack, place, incoming)
  if (method !== 'GET' && method !== 'HEAD') return json({ error: 'method_not_allowed' }, 405)
  if (place === '' || place.startsWith('archives/')) return document()
  if (place === 'state') return json(slack.state())
  if (ASSETS[place]) return plain(asset(place), 200, ASSETS[place])
  const file = place.startsWith('files/') ? files.get(place.slice('files/'.length)) : undefined
  if (file?.content) return download(file.name, file.content)
  return json({ error: 'not_found' }, 404)
}

/** By a name that only leads here (DNS rebinding), or from a page of somebody else. */
function isForeign({ host = '', origin }: Incoming['headers']): boolean {
  const { hostname } = new URL(`http://${host}`)
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return true
  return origin !== undefined && origin !== `http://${host}`
}

async function posted(slack: PageSlack, place: string, incoming: Incoming): Promise<Reply> {
  const given = <T>(form: z.ZodType<T>) => checked(form, jsonObject(incoming.body))
  try {
    switch (place) {
      case 'click':
        return interaction(await slack.click(given(clickForm)))
      case 'submit':
        return interaction(await slack.submit(given(submitForm)))
      case 'close':
        return interaction(await slack.close(given(closeForm)))
      case 'command':
        return interaction(await slack.command(given(commandForm)))
      case 'say':
        return json(slack.say(given(sayForm)))
      case 'control':
        slack.control(given(controlForm))
        return json({ ok: true })
      default:
        return json({ error: 'not_found' }, 404)
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return json({ error: error.code, ...error.detail }, 400)
  }
}

/** Nothing was sent: the person has done what cannot be done. Otherwise it is what the receiver has answered. */
const SENT = new Set([undefined, 'operation_timeout', 'unreachable'])
const interaction = (of: Interaction) => json(of, SENT.has(of.error) ? 200 : 409)

const asset = (name: string) => readFileSync(new URL(`web/${name}`, import.meta.url), 'utf8')

function document(): Reply {
  const page = plain(asset('workspace.html'), 200, 'text/html')
  return {
    ...page,
    headers: { ...page.headers, 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer' },
  }
}

function download(name: string, content: Buffer): Reply {
  const safe = name.replaceAll(/[^\w.-]/g, '_')
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${safe}"`,
    'x-content-type-options': 'nosniff',
  }
  return { status: 200, headers, body: content }
}
