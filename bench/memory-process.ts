/** Drives runs and tells the parent the peak of its resident memory (MB) before and after each batch. */
import { openEngine } from './engine-job.ts'

const [endpoint = '', runs = '', batches = ''] = process.argv.slice(2)
const size = Number(runs)

const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024)

const engine = openEngine(endpoint)
await engine.handle([size * Number(batches)], 'apply')
const peaks = [peakMb()]
for (let batch = 0; batch < Number(batches); batch++) {
  const groups = Array.from({ length: size }, (_, n) => batch * size + n)
  await engine.handle(groups, 'apply')
  peaks.push(peakMb())
}
await engine.close()
globalThis.gc?.()
const heapMb = Math.round(process.memoryUsage().heapUsed / 1024 ** 2)
process.send?.({ peaksMb: peaks, heapMb }, () => process.disconnect())
