import { AsyncLocalStorage } from 'node:async_hooks'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'

/** So long before its end everything that an invocation still waits for is given up (ms): there is time to answer. */
const GIVEN_UP_MS = 1_000

const ends = new AsyncLocalStorage<AbortSignal>()

/**
 * A handler whose calls end before it does. It never answers early (middy would, and the process would live on, with the
 * work of this event going on inside the next one): at its deadline Lambda kills the process, and a second before every
 * call that is under way is aborted. What is left over of the work after its answer can send nothing any more either.
 */
export function invoked<E, R>(work: (event: E, context: Context) => Promise<R>) {
  return middy<E, R>({ timeoutEarlyInMillis: 0 }).handler(async (event, context) => {
    const over = new AbortController()
    const left = context.getRemainingTimeInMillis() - GIVEN_UP_MS
    const timer = setTimeout(() => over.abort(), Math.max(0, left))
    try {
      return await ends.run(over.signal, () => work(event, context))
    } finally {
      clearTimeout(timer)
      over.abort()
    }
  })
}

/** Aborts when the invocation that this is done for is over; undefined while the function starts. */
export const endOfInvocation = (): AbortSignal | undefined => ends.getStore()

type Send = (command: unknown, options?: object) => Promise<unknown>

/** The client of the SDK, whose calls end with the invocation that makes them. */
export function endingWithInvocation<C extends object>(client: C): C {
  // Looked up at each call: the class may be mocked later.
  const send: Send = (...given) => (Object.getPrototypeOf(client) as { send: Send }).send.apply(client, given)
  const bounded: Send = (command, options = {}) => {
    const abortSignal = endOfInvocation()
    return send(command, { ...(abortSignal && { abortSignal }), ...options })
  }
  return Object.assign(client, { send: bounded })
}
