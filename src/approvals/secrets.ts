import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm'
import type { Clock } from '../engine/clock.ts'

/** No more often than this is a secret read again because it was refused (ms): anybody can send what is refused. */
const READ_AGAIN_AFTER_MS = 60_000

/** A secret that is kept for as long as the process. */
export interface Secret {
  /** Its value; '' where no parameter is named. Throws what the read threw, and reads again the next time. */
  value(): Promise<string>
  /**
   * Another value than one that was refused: it may have been changed. Undefined where there is none, or where it was
   * read less than a minute ago. Throws what the read threw; the value of before is kept then.
   */
  renewed(refused: string): Promise<string | undefined>
}

export interface SecretSource {
  /** Reads a parameter. */
  read(name: string): Promise<string>
  clock: Clock
}

/** The secret in a parameter: read at the first need, once for all who need it then. */
export function secretOf(name: string, { read, clock }: SecretSource): Secret {
  let kept: Promise<string> | undefined
  /** What was read last, as long as nothing newer could be. */
  let good: Promise<string> | undefined
  let readAt = Number.NEGATIVE_INFINITY

  function readNow(): Promise<string> {
    readAt = clock.now()
    const reading = name === '' ? Promise.resolve('') : read(name)
    kept = reading
    reading.then(
      () => {
        good = reading
      },
      () => {
        if (kept === reading) kept = good
      },
    )
    return reading
  }

  return {
    value: () => kept ?? readNow(),
    async renewed(refused) {
      const isRecent = clock.now() - readAt < READ_AGAIN_AFTER_MS
      const value = await (isRecent && kept ? kept : readNow())
      return value === refused ? undefined : value
    },
  }
}

/** Reads SecureString parameters. A parameter without a value is an empty secret, which nobody can use. */
export function ssmParameters(client: Pick<SSMClient, 'send'>): SecretSource['read'] {
  return async (Name) => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }))
    return Parameter?.Value ?? ''
  }
}
