import type { Run } from '../../run/run.ts'
import type { Drive } from './drive.ts'
import type { Effect, Facts } from './facts.ts'

/** Carries out an effect, and notes its facts as they come. */
export async function recorded<A>(drive: Drive, effect: Effect<A>): Promise<A> {
  for (;;) {
    const next = await effect.next()
    if (next.done) return next.value
    record(drive, next.value)
  }
}

/** Notes facts in the run and in what this process remembers of it. */
export function record(drive: Drive, { run, memory, warning }: Facts): void {
  if (run) take(drive.run, run)
  if (memory) take(drive, memory)
  if (warning !== undefined) (drive.warnings as string[]).push(warning)
}

/** The run is another one from now on: a transition was stored, or needs not to be. */
export function become(drive: Drive, run: Run): void {
  for (const key of Object.keys(drive.run)) if (!(key in run)) Reflect.deleteProperty(drive.run, key)
  Object.assign(drive.run, run)
}

function take(target: object, facts: object): void {
  const into = target as Record<string, unknown>
  for (const [key, value] of Object.entries(facts)) {
    if (value === undefined) Reflect.deleteProperty(into, key)
    else into[key] = value
  }
}
