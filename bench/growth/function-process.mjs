// A container of a function: loads the handler of a bundle once, and gives it one event after the other with the time
// that an invocation has. Tells the parent that it is there, and each answer.
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'

const [bundle = ''] = process.argv.slice(2)
const { handler } = await import(pathToFileURL(bundle).href)
process.on('message', async ({ event, timeoutMs }) => {
  const endsAt = Date.now() + timeoutMs
  const context = { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => endsAt - Date.now() }
  try {
    process.send({ answer: await handler(event, context) })
  } catch (error) {
    process.send({ failed: error instanceof Error ? error.stack : String(error) })
  }
})
process.on('disconnect', () => process.exit())
process.send('ready')
