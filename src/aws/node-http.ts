import type http from 'node:http'

/**
 * `node:http`, as a bundle takes it. An import of it has Node.js load all that it exports, its WebSocket among it and all of
 * undici with that; taken like this it is what it is without them. AWS is reached by https, for which the SDK does not ask
 * for it; where it is reached by http, in a sandbox, a function starts sooner by a twentieth.
 */
const taken = (): typeof http => process.getBuiltinModule('node:http')
const of = <Name extends keyof typeof http>(name: Name): (typeof http)[Name] => taken()[name]

export const Agent = /* @__PURE__ */ of('Agent')
export const ClientRequest = /* @__PURE__ */ of('ClientRequest')
export const createServer = /* @__PURE__ */ of('createServer')
export const get = /* @__PURE__ */ of('get')
export const IncomingMessage = /* @__PURE__ */ of('IncomingMessage')
export const request = /* @__PURE__ */ of('request')
export const STATUS_CODES = /* @__PURE__ */ of('STATUS_CODES')
export default /* @__PURE__ */ taken()
