import type { RehearsalSink } from '../../reports/rehearsal/sink.ts'
import type { Run } from '../../run/run.ts'

/** Gives each piece to all of them, one after the other; of each run it is told before. */
export function inAllSinks(sinks: readonly RehearsalSink[], onRun?: (run: Run) => void): RehearsalSink {
  return {
    async run(run) {
      onRun?.(run)
      for (const sink of sinks) await sink.run(run)
    },
    async ignored(ignored) {
      for (const sink of sinks) await sink.ignored(ignored)
    },
    async rejected(rejection) {
      for (const sink of sinks) await sink.rejected(rejection)
    },
  }
}
