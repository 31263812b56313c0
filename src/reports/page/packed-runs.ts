import { createGzip } from 'node:zlib'
import type { Run } from '../../run/run.ts'
import { shownRun } from './shown-run.ts'

/** More would be opened by no browser in good time. */
export const MOST_SHOWN = 20_000

/** Runs on their way into a page: one JSON document a line, gzip, base64. */
export class PackedRuns {
  private readonly gzip = createGzip({ level: 6 })
  private readonly chunks: Buffer[] = []
  private readonly ended: Promise<void>
  /** How many came. */
  count = 0

  constructor() {
    this.gzip.on('data', (chunk: Buffer) => this.chunks.push(chunk))
    this.ended = new Promise((resolve, reject) => {
      this.gzip.on('end', resolve)
      this.gzip.on('error', reject)
    })
  }

  /** Takes a run, when there is room for it. What comes after the most that a page shows is counted only. */
  async add(run: Run): Promise<void> {
    if (!this.push(run)) await new Promise((resolve) => this.gzip.once('drain', resolve))
  }

  /** The same for whoever cannot wait: false where what is not packed yet begins to pile up. */
  push(run: Run): boolean {
    this.count++
    return this.count > MOST_SHOWN || this.gzip.write(`${JSON.stringify(shownRun(run))}\n`)
  }

  /** What stands in the page. Nothing can be added any more. */
  async base64(): Promise<string> {
    this.gzip.end()
    await this.ended
    return Buffer.concat(this.chunks).toString('base64')
  }
}
