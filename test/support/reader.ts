import { isRead } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { Reader } from '../../src/playbook/playbook.ts'

/** Answers per action ('ec2:DescribeSecurityGroups'); a function may throw an `AwsError`. */
export type Answers = Record<string, (input: never) => unknown>

export interface FakeReader extends Reader {
  /** What was asked, in order. */
  readonly calls: { action: string; input: unknown; region: string }[]
  /** How often an action was asked. */
  count(action: string): number
}

/** A reading port that answers from a table. An action that is not in the table is an error, as is one that changes. */
export function fakeReader(
  answers: Answers,
  place: { account?: string; region?: string; partition?: string } = {},
): FakeReader {
  const calls: FakeReader['calls'] = []
  const readerIn = (region: string): FakeReader => {
    const ask = async (
      service: string,
      operation: string,
      input: unknown,
    ): Promise<Record<string, unknown>> => {
      const action = `${service}:${operation}`
      const answer = answers[action]
      if (!isRead(operation) || !answer)
        throw new TypeError(`unexpected call ${action} ${JSON.stringify(input)}`)
      calls.push({ action, input, region })
      // What AWS answers has been on the wire: a copy, without the undefined.
      return structuredClone((await answer(input as never)) as Record<string, unknown>)
    }
    const reader = {
      account: place.account ?? '111122223333',
      region,
      partition: place.partition ?? 'aws',
      calls,
      at: readerIn,
      count: (action: string) => calls.filter((each) => each.action === action).length,
      read: ask,
      list: async (service: string, operation: string, input: unknown, field: string) =>
        (await ask(service, operation, input))[field] ?? [],
      optional: async (service: string, operation: string, input: unknown) => {
        try {
          return await ask(service, operation, input)
        } catch (error) {
          if (error instanceof AwsError) return undefined
          throw error
        }
      },
    }
    return reader as unknown as FakeReader
  }
  return readerIn(place.region ?? 'eu-central-1')
}

/** What AWS says to those who may not. */
export function denied(action: string): AwsError {
  const message = `User: arn:aws:iam::111122223333:user/reader is not authorized to perform: ${action}`
  return new AwsError({ kind: 'denied', code: 'UnauthorizedOperation', action }, message)
}

/** What AWS says about what is not there. */
export function notFound(action: string, code: string): AwsError {
  return new AwsError({ kind: 'gone', code, action }, `${action}: does not exist`)
}
