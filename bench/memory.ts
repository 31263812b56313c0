import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Intent } from '../src/engine/ports.ts'
import type { AwsProcess } from './aws-process.ts'

export interface Memory {
  /** Peak RSS in MB with the engine and the clients loaded and one run done. */
  loadedMb: number
  /** Peak RSS in MB after each batch of runs. */
  batches: { runs: number; seconds: number; peakMb: number }[]
  /** Heap in use at the end, garbage collected: what is really held. */
  heapMb: number
}

/**
 * Peak memory and pace of a process that does nothing but drive runs, batch after batch, all on new resources.
 * @param sizes runs of each batch
 */
export async function memory(aws: AwsProcess, intent: Intent, sizes: readonly number[]): Promise<Memory> {
  await aws.reset({ groups: sizes.reduce((sum, size) => sum + size, 1), delayMs: 0 })
  const child = fork(
    new URL('memory-process.ts', import.meta.url),
    [aws.endpoint, intent, ...sizes.map(String)],
    { execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'] },
  )
  const ended = once(child, 'exit')
  const [told] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('the process whose memory was measured ended before it was done')
    }),
  ])) as [Omit<Memory, 'batches'> & { batches: Omit<Memory['batches'][number], 'runs'>[] }]
  await ended
  return { ...told, batches: told.batches.map((batch, index) => ({ runs: sizes[index]!, ...batch })) }
}
