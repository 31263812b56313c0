import { CredentialsProblem, EndpointProblem } from '../../aws/errors.ts'
import type { Aws } from '../../aws/port.ts'
import type { Reader } from '../../playbook/playbook.ts'

/** Nobody can be asked any more: the credentials have run out, or AWS cannot be reached. It is about no single finding. */
export type Lost = CredentialsProblem | EndpointProblem

/** The same AWS, which tells when it can be asked no more. */
export function tellingWhenLost(aws: Aws, onLost: (why: Lost) => void): Aws {
  async function watched<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (error instanceof CredentialsProblem || error instanceof EndpointProblem) onLost(error)
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
