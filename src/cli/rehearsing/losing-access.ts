import { type CredentialsProblem, type EndpointProblem, isOutOfReach } from '../../aws/errors.ts'
import type { Aws } from '../../aws/port.ts'
import type { Reader } from '../../playbook/playbook.ts'
import type { Run } from '../../run/run.ts'

/** Nobody can be asked any more: the credentials have run out, or AWS cannot be reached. It is about no single finding. */
export type Lost = CredentialsProblem | EndpointProblem

/** The same AWS, which tells when it can be asked no more. */
export function tellingWhenLost(aws: Aws, onLost: (why: Lost) => void): Aws {
  async function watched<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (isOutOfReach(error)) onLost(error)
      throw error
    }
  }
  const watchedReader = (reader: Reader): Reader => {
    const port: object = {
      ...reader,
      at: (region: string) => watchedReader(reader.at(region)),
      read: (...given: Parameters<Reader['read']>) => watched(reader.read(...given)),
      list: (...given: Parameters<Reader['list']>) => watched(reader.list(...given)),
    }
    return port as Reader
  }
  return {
    ...aws,
    identity: () => watched(aws.identity()),
    reader: (...given) => watchedReader(aws.reader(...given)),
    send: (...given) => watched(aws.send(...given)),
  }
}

/**
 * Whether a run says nothing about its finding, and is made again when the rehearsal goes on: it failed because nobody could be
 * asked any more, or flow logs were not asked because the rehearsal was interrupted.
 */
export function saysNothing({ outcome, traffic }: Pick<Run, 'outcome' | 'traffic'>, lost?: Lost): boolean {
  return traffic?.interrupted === true || (lost !== undefined && outcome === 'failed')
}
