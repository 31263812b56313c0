import type { ApiCall } from '../playbook/api.ts'
import type { Reader } from '../playbook/reading-port.ts'

/** A read as it is asked for. */
export interface HeardRead {
  region: string
  call: ApiCall
}

/**
 * Stands around each read: asks it, and gives its answer.
 * @param answered the answer as AWS gives it, of a list all items in their field; undefined where there is none
 */
export type Hear = <T>(
  read: HeardRead,
  ask: () => Promise<T>,
  answered: (answer: T) => object | undefined,
) => Promise<T>

/** The same port, where somebody hears each read, in other regions too. */
export function heardReader(reader: Reader, hear: Hear): Reader {
  const { region } = reader
  const read = (given: readonly unknown[]): HeardRead => {
    const [service, operation, input] = given as [ApiCall['service'], string, ApiCall['input']]
    return { region, call: { service, operation, input } }
  }
  const asItIs = (answer: unknown) => answer as object | undefined
  const port: object = {
    ...reader,
    at: (there: string) => (there === region ? port : heardReader(reader.at(there), hear)),
    read: (...given: Parameters<Reader['read']>) => hear(read(given), () => reader.read(...given), asItIs),
    list: (...given: Parameters<Reader['list']>) =>
      hear(
        read(given),
        () => reader.list(...given),
        (items) => ({ [given[3]]: items }),
      ),
    optional: (...given: Parameters<Reader['optional']>) =>
      hear(read(given), () => reader.optional(...given), asItIs),
  }
  // The operation's own types hold at the call; here input and answer are only passed on.
  return port as Reader
}
