import type { RehearsalEnd, RehearsalSink } from './sink.ts'
import type { RehearsalSummary } from './summary.ts'

/** A form of the report that is made while the rehearsal goes on. */
export interface GrowingReport extends RehearsalSink {
  /**
   * The whole of it. Nothing is given any more.
   * @param summary of all that was given
   */
  end(end: RehearsalEnd, summary: RehearsalSummary): string | Promise<string>
}
