import { type HeardRead, heardReader } from '../../aws/heard-reader.ts'
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
  const { account, partition } = reader
  const note = ({ region, call: { service, operation, input } }: HeardRead, said: Partial<RecordedRead>) => {
    const plain = { ...input } as Record<string, unknown>
    const read: RecordedRead = { service, operation, input: plain, account, region, partition, ...said }
    const key = keyOf(read)
    const known = reads.get(key)
    if (known === undefined) reads.set(key, read)
    // Another list of the same answer.
    else if (known.answer && read.answer) known.answer = { ...read.answer, ...known.answer }
  }
  return heardReader(reader, async (read, ask, answered) => {
    try {
      const answer = await ask()
      const told = answered(answer)
      if (told !== undefined) note(read, { answer: told as Record<string, unknown> })
      return answer
    } catch (error) {
      if (error instanceof AwsError) note(read, { code: error.code, message: error.message })
      throw error
    }
  })
}
