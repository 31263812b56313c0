import { Retries } from '../aws/attempts/retries.ts'

const ATTEMPTS = 5

/**
 * How clients of the engine's own services (table, queues, schedules, topic) are made: by itself the SDK waits for
 * ever, and an invocation has two minutes. Times in ms; without the last setting a timeout is only logged.
 */
export const prompt = () => ({
  requestHandler: { requestTimeout: 5_000, connectionTimeout: 2_000, throwOnRequestTimeout: true },
  maxAttempts: ATTEMPTS,
  retryStrategy: new Retries(ATTEMPTS),
})
