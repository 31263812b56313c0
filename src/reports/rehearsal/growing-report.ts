import type { RehearsalEnd, RehearsalSink } from './sink.ts'
import type { RehearsalSummary } from './summary.ts'

/** A form of the report that is made while the rehearsal goes on. */
export interface GrowingReport<Whole = string | Iterable<Uint8Array>> extends RehearsalSink {
  /**
   * The whole of it, a long one in pieces of UTF-8, which can be had once, each until the next is asked for. Nothing is
   * given any more.
   * @param summary of all that was given
   */
  end(end: RehearsalEnd, summary: RehearsalSummary): Whole | Promise<Whole>
}
