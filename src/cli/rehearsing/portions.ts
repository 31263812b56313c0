import { accessSync, constants } from 'node:fs'
import type { Aws } from '../../aws/port.ts'
import { type Listed, type Listing, listed } from '../../engine/asking/detector-listing.ts'
import type { Clock } from '../../engine/clock.ts'
import { BadRequest } from '../../engine/refusals.ts'
import type { Finding, Rejection } from '../../findings/finding.ts'
import { messageOf } from '../../playbook/message-of.ts'
import { type EventInput, passingEvents, refuseNoEvents } from '../input/events-input.ts'

/** How far one is in what is to be rehearsed: plain JSON, by which one can go on later. */
export interface Reached {
  /** Documents of the files, the first ones. */
  documents: number
  /** How far the detectors have been asked; absent: not at all. */
  listed?: Listed
}

/** Some of what is to be rehearsed, and how far one is behind it. */
export interface Portion {
  findings: Finding[]
  rejected: Rejection[]
  reached: Reached
}

export const BEGINNING: Reached = { documents: 0 }

/**
 * What event files hold, piece by piece: nothing of it is kept.
 * @throws BadRequest `input` where a file cannot be read, or 100,000 of its events
 */
export async function* fromFiles(
  inputs: readonly EventInput[],
  { documents }: Reached,
): AsyncGenerator<Portion> {
  let seen = 0
  for (const input of inputs) {
    let refused = 0
    for await (const results of passingEvents(input)) {
      const portion: Portion = { findings: [], rejected: [], reached: BEGINNING }
      for (const { findings, rejected } of results) {
        seen += 1
        if (seen <= documents) continue
        for (const finding of findings) portion.findings.push(finding)
        for (const rejection of rejected) portion.rejected.push(rejection)
      }
      refused += portion.rejected.length
      refuseNoEvents(input.name, refused)
      if (seen > documents) yield { ...portion, reached: { documents: seen } }
    }
  }
}

/** Before the work, which may take long: that each file can be read. */
export function mustBeReadable(inputs: readonly EventInput[]): void {
  for (const { name, file } of inputs) {
    if (file === undefined) continue
    try {
      accessSync(file, constants.R_OK)
    } catch (cause) {
      throw new BadRequest('input', `${name}: cannot be read: ${messageOf(cause)}`, { cause })
    }
  }
}

/**
 * What detectors say is open, page by page, until the calls are spent.
 * @param onPage told how far one is
 */
export async function* fromDetectors(
  ports: { aws: Aws; clock: Pick<Clock, 'now'> },
  listing: Listing,
  { documents, listed: before }: Reached,
  onPage: (listed: Listed) => void,
): AsyncGenerator<Portion> {
  for await (const { findings, rejected, listed: now } of listed(ports, listing, before)) {
    onPage(now)
    yield { findings, rejected, reached: { documents, listed: now } }
  }
}

/** All portions of one, then all of the other, which begins where the first has ended. */
export async function* joinedPortions(
  first: AsyncIterable<Portion>,
  then: (from: Reached) => AsyncIterable<Portion>,
  from: Reached,
): AsyncGenerator<Portion> {
  let reached = from
  for await (const portion of first) {
    reached = { ...reached, ...portion.reached }
    yield { ...portion, reached }
  }
  yield* then(reached)
}

/**
 * The same in larger portions, of `most` findings or little more: what is in one is rehearsed together, so that findings about
 * one resource are one run.
 * @param until from here on nothing more is read
 */
export async function* inWindows(
  portions: AsyncIterable<Portion>,
  most: number,
  until: AbortSignal,
): AsyncGenerator<Portion> {
  let window: Portion | undefined
  for await (const { findings, rejected, reached } of portions) {
    window ??= { findings: [], rejected: [], reached }
    for (const finding of findings) window.findings.push(finding)
    for (const rejection of rejected) window.rejected.push(rejection)
    window.reached = reached
    if (until.aborted) return
    if (window.findings.length < most) continue
    yield window
    window = undefined
  }
  if (window) yield window
}

/** Gives each while the next one is being made. */
export async function* oneAhead<T>(of: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = of[Symbol.asyncIterator]()
  const next = () => {
    const made = iterator.next()
    // It is waited for in its turn, which may come later than its failure.
    made.catch(() => undefined)
    return made
  }
  for (let coming = next(); ; ) {
    const { done, value } = await coming
    if (done) return
    coming = next()
    yield value
  }
}
