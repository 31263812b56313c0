import type { IncomingMessage, ServerResponse } from 'node:http'
import { uploaded } from './api/file-methods.ts'
import type { Slack } from './api/method.ts'
import { answerCall, type Gate, throughFaults } from './api/web-api.ts'
import { respond } from './interactions/response-url.ts'
import type { Listeners } from './page/listeners.ts'
import { pageReply } from './page/page-routes.ts'
import type { StandInSlack } from './stand-in.ts'
import { fileIn, type Incoming, json, jsonObject, type Outcome, plain, read, reply } from './wire.ts'
import { Refused } from './workspace-types.ts'

type Route = (incoming: Incoming, outgoing: ServerResponse) => Promise<Outcome | 'kept'>

/** What is where; `kept`: the connection stays for what is still to come. */
export function routes(stand: StandInSlack, gate: Gate, pages: Listeners): Route {
  const { slack, faults } = gate
  return async (incoming, outgoing) => {
    const { path, method } = incoming
    const [, first, ...rest] = path.split('/')
    if (first === 'api') return answerCall(gate, rest.join('/'), incoming)
    if (path === '/page/events') {
      pages.add(outgoing)
      return 'kept'
    }
    if (first === 'page') return pageReply(stand, incoming, slack.workspace.files)
    if (method !== 'POST') return plain('', 404)
    if (first === 'upload')
      return throughFaults(faults, 'upload', () => upload(slack, rest[0] ?? '', incoming))
    if (first === 'actions' || first === 'commands')
      return throughFaults(faults, 'response_url', () => answerToUrl(slack, rest[1] ?? '', incoming))
    return plain('', 404)
  }
}

/** A request from its first byte to its answer. */
export function serve(route: Route, incoming: IncomingMessage, outgoing: ServerResponse): void {
  read(incoming)
    .then((request) => route(request, outgoing))
    .then(
      (outcome) => outcome !== 'kept' && reply(outgoing, outcome),
      (error: unknown) =>
        reply(outgoing, json({ ok: false, error: 'fatal_error', detail: String(error) }, 500)),
    )
}

async function upload(slack: Slack, id: string, incoming: Incoming): Promise<Outcome> {
  try {
    const content = await fileIn(incoming)
    uploaded(slack, id, content)
    return plain(`OK - ${content.length}`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return plain(error.code, 400)
  }
}

/** An address that is no good any more is a 404; what is wrong with a message is told with a 200, as Slack does. */
function answerToUrl(slack: Slack, path: string, { body }: Incoming): Outcome {
  try {
    respond(slack, path, jsonObject(body))
    return json({ ok: true })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const gone = error.code === 'expired_url' || error.code === 'used_url'
    return json({ ok: false, error: error.code, ...error.detail }, gone ? 404 : 200)
  }
}
