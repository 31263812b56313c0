import type { Rejection } from '../../findings/finding.ts'
import type { Ignored, RehearsalSink } from '../../reports/rehearsal/sink.ts'
import type { Run } from '../../run/run.ts'

/** All pieces of a rehearsal. */
export interface Pieces {
  runs: Run[]
  ignored: Ignored[]
  rejected: Rejection[]
}

/** Keeps all that a rehearsal comes to, for reports that are made when it has ended. */
export function collected(): { sink: RehearsalSink; pieces: Pieces } {
  const pieces: Pieces = { runs: [], ignored: [], rejected: [] }
  const sink: RehearsalSink = {
    run: (run) => void pieces.runs.push(run),
    ignored: (ignored) => void pieces.ignored.push(ignored),
    rejected: (rejection) => void pieces.rejected.push(rejection),
  }
  return { sink, pieces }
}
