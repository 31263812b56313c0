/** Drives runs batch after batch; tells the parent the seconds of each and the peak of resident memory (MB) after it. */
import type { Intent } from '../src/engine/ports.ts'
import { openEngine } from './engine-job.ts'

const [endpoint = '', intent = 'apply', ...sizes] = process.argv.slice(2)

const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024)

const engine = openEngine(endpoint)
let next = 0
const groups = (count: number) => Array.from({ length: count }, () => next++)

await engine.handle(groups(1), intent as Intent)
const loadedMb = peakMb()
const batches: { seconds: number; peakMb: number }[] = []
for (const size of sizes) {
  const { seconds } = await engine.handle(groups(Number(size)), intent as Intent)
  batches.push({ seconds, peakMb: peakMb() })
}
await engine.close()
globalThis.gc?.()
const heapMb = Math.round(process.memoryUsage().heapUsed / 1024 ** 2)
process.send?.({ loadedMb, batches, heapMb }, () => process.disconnect())
