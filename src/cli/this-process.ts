import './program/map-group-by.ts'
import { dirname } from 'node:path'
import { type Invocation, isVerbose, workingFolder } from './program/invocation.ts'
import { runProgram } from './program/program.ts'
import { processOutput } from './terminal/output.ts'

const argv = process.argv.slice(2)
// Set to nothing is not set; the SDK would take it for a name.
for (const [name, value] of Object.entries(process.env)) {
  if (name.startsWith('AWS_') && value === '') delete process.env[name]
}
// Only `--verbose` shows a trace, of a fault of ours. Of each dry run that would succeed the SDK makes several errors, and
// their traces take a tenth of its processor time.
if (!isVerbose(argv)) Error.stackTraceLimit = 0
const invocation: Invocation = {
  env: process.env,
  cwd: workingFolder(process.env, process.cwd(), dirname(dirname(import.meta.dirname))),
  output: processOutput(argv.includes('--json'), process.env),
  shared: {},
  status: 0,
}

// What nobody caught is a fault of ours and still told in one line.
process.on('uncaughtException', async (error) => {
  if (invocation.fault) process.exit(invocation.fault(error))
  const { fail } = await import('./program/failure.ts')
  process.exit(fail(error, invocation, argv))
})

const status = await runProgram(argv, invocation)
const written = await invocation.output.flushed()
// Idle connections and timers of clients must not keep a finished command alive.
process.exit(written ? status : status || 1)
