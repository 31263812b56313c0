import type { Ignored } from '../../engine/ports.ts'
import type { Rejection } from '../../findings/finding.ts'
import type { Run } from '../../run/run.ts'
import type { RehearsalSink } from './sink.ts'

/** Pieces of a rehearsal. */
export interface Pieces {
  runs: Run[]
  ignored: Ignored[]
  rejected: Rejection[]
}

/** Keeps the first pieces of a rehearsal for what is shown when it has ended, at most so many of each kind. */
export function collected(most = Number.POSITIVE_INFINITY): { sink: RehearsalSink; pieces: Pieces } {
  const pieces: Pieces = { runs: [], ignored: [], rejected: [] }
  const keep = <T>(kept: T[], piece: T): void => void (kept.length < most && kept.push(piece))
  const sink: RehearsalSink = {
    run: (run) => keep(pieces.runs, run),
    ignored: (ignored) => keep(pieces.ignored, ignored),
    rejected: (rejection) => keep(pieces.rejected, rejection),
  }
  return { sink, pieces }
}
