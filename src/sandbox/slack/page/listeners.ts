import type { ServerResponse } from 'node:http'

/** Pages that are open. */
export interface Listeners {
  add(outgoing: ServerResponse): void
  /** Something has changed: many changes at once are one word. */
  tell(): void
  end(): void
}

/** Server-Sent Events, without content: whoever hears one asks for the state. */
export function listeners(): Listeners {
  const open = new Set<ServerResponse>()
  let saying = false
  const say = () => {
    for (const outgoing of open) outgoing.write('data: changed\n\n')
  }
  return {
    add(outgoing) {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      outgoing.write('data: changed\n\n')
      open.add(outgoing)
      outgoing.on('close', () => open.delete(outgoing))
    },
    tell() {
      if (saying || open.size === 0) return
      saying = true
      setImmediate(() => {
        saying = false
        say()
      })
    },
    end() {
      for (const outgoing of open) outgoing.end()
    },
  }
}
