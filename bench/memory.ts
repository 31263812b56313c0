import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AwsProcess } from './aws-process.ts'

export interface Memory {
  runsPerBatch: number
  /** Peak RSS in MB: with the engine and the clients loaded and one run done, then after each batch of runs. */
  loadedMb: number
  peaksMb: number[]
  /** Heap in use at the end, garbage collected: what is really held. */
  heapMb: number
}

/** Peak memory of a process that does nothing but drive runs, batch after batch, all on new resources. */
export async function memory(
  aws: AwsProcess,
  { runs, batches }: { runs: number; batches: number },
): Promise<Memory> {
  await aws.reset({ groups: runs * batches + 1, delayMs: 0 })
  const child = fork(
    new URL('memory-process.ts', import.meta.url),
    [aws.endpoint, String(runs), String(batches)],
    {
      execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
    },
  )
  const ended = once(child, 'exit')
  const [told] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('the process whose memory was measured ended before it was done')
    }),
  ])) as [{ peaksMb: number[]; heapMb: number }]
  await ended
  const [loadedMb, ...peaksMb] = told.peaksMb
  return { runsPerBatch: runs, loadedMb: loadedMb!, peaksMb, heapMb: told.heapMb }
}
