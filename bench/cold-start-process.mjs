// A container's first event, without TypeScript: the bundle, the event and its context as a function gets them.
// Tells the parent when (ms since this process started) the bundle was loaded and the event handled, what processor
// time that took (ms), and the answer.
import { pathToFileURL } from 'node:url'

const [bundle = '', event = ''] = process.argv.slice(2)
const { handler } = await import(pathToFileURL(bundle).href)
const loadedMs = performance.now()
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 120_000 }
const answer = await handler(JSON.parse(event), context)
const handledMs = performance.now()
const { user, system } = process.cpuUsage()
process.send?.({ loadedMs, handledMs, cpuMs: (user + system) / 1000, answer }, () => process.disconnect())
