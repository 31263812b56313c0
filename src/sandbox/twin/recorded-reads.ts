import { AwsError } from '../../playbook/aws-error.ts'
import { canonicalJson } from '../../playbook/json.ts'
import type { Reader } from '../../playbook/playbook.ts'
import type { ReadAnswer } from '../../playbook/service/copies.ts'

/** A read of a run, and what it was told. */
export interface RecordedRead extends ReadAnswer {
  service: string
  operation: string
  /** What AWS said with the code, for a person. */
  message?: string
}

/** What a run read, each read once, as it was answered first. */
export type RecordedReads = Map<string, RecordedRead>

/** What makes two reads the same. */
export const keyOf = ({ service, operation, input, region }: Omit<RecordedRead, 'answer'>): string =>
  canonicalJson([service, operation, input, region])

/** A reading port that writes down what it is told. It asks nothing by itself, and answers as the one behind it does. */
export function recordingReader(reader: Reader, reads: RecordedReads): Reader {
  const { account, region, partition } = reader
  const note = (service: string, operation: string, input: object, said: Partial<RecordedRead>) => {
    const plain = { ...input } as Record<string, unknown>
    const read: RecordedRead = { service, operation, input: plain, account, region, partition, ...said }
    const key = keyOf(read)
    const known = reads.get(key)
    if (known === undefined) reads.set(key, read)
    // Another list of the same answer.
    else if (known.answer && read.answer) known.answer = { ...read.answer, ...known.answer }
  }
  async function noted<T>(
    given: readonly [service: string, operation: string, input: object],
    asked: Promise<T>,
    answerOf: (answer: T) => object | undefined,
  ): Promise<T> {
    try {
      const answer = await asked
      const told = answerOf(answer)
      if (told !== undefined) note(...given, { answer: told as Record<string, unknown> })
      return answer
    } catch (error) {
      if (error instanceof AwsError) note(...given, { code: error.code, message: error.message })
      throw error
    }
  }
  const port: object = {
    account,
    region,
    partition,
    at: (there: string) => recordingReader(reader.at(there), reads),
    read: (...given: Parameters<Reader['read']>) =>
      noted(called(given), reader.read(...given), (answer) => answer as object),
    list: (...given: Parameters<Reader['list']>) =>
      noted(called(given), reader.list(...given), (items) => ({ [given[3]]: items })),
    optional: (...given: Parameters<Reader['optional']>) =>
      noted(called(given), reader.optional(...given), (answer) => answer as object | undefined),
  }
  // The operation's own types hold at the call; here input and answer are only passed on.
  return port as Reader
}

function called([service, operation, input]: readonly unknown[]): [string, string, object] {
  return [String(service), String(operation), (input ?? {}) as object]
}
