import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * How long a connection stays open on which nothing is asked (ms). After Node's 5 s a client that had other things to do on a
 * busy machine asks on one that is just being closed, and has to ask again: AWS does not hang up so soon.
 */
const KEPT_OPEN_MS = 60_000

/** A server of HTTP that only this machine reaches. */
export interface LoopbackServer {
  url: string
  /** Ends what is under way, too. */
  stop(): Promise<void>
}

/** @param port 0 takes one that is free */
export async function loopbackServer(port: number, route: RequestListener): Promise<LoopbackServer> {
  const server = createServer({ keepAliveTimeout: KEPT_OPEN_MS }, route)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
