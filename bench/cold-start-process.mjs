// A container's first message, without TypeScript: the bundle, the message and its context as a function gets them.
// Tells the parent when (ms since this process started) the bundle was loaded and the message handled, what processor
// time that took (ms), and the answer.
import { pathToFileURL } from 'node:url'

const [bundle = '', body = ''] = process.argv.slice(2)
const { handler } = await import(pathToFileURL(bundle).href)
const loadedMs = performance.now()
const record = { messageId: 'bench', body, eventSource: 'aws:sqs', attributes: { MessageGroupId: 'bench' } }
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 120_000 }
const answer = await handler({ Records: [record] }, context)
const handledMs = performance.now()
const { user, system } = process.cpuUsage()
process.send?.({ loadedMs, handledMs, cpuMs: (user + system) / 1000, answer }, () => process.disconnect())
