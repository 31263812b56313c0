import { hostname, userInfo } from 'node:os'
import { EVERYTHING, pausedText } from '../engine/rails/kill-switch.ts'
import { systemClock } from '../engine/system.ts'
import { visible } from '../reports/paint.ts'
import { scopeOptions } from '../reports/run/held-runs.ts'
import type { Control, PauseScope, RunStore } from '../run/store.ts'
import { openStore } from './program/context.ts'
import type { Invocation } from './program/invocation.ts'
import { sameWay } from './program/same-way.ts'
import type { Stack } from './stack/deployment.ts'
import { openStack } from './stack/stack.ts'

/** A kill switch and who stands at it. */
export interface Switch {
  store: RunStore
  /** Present with `--stack`. */
  stack?: Stack
  /** IAM ARN for a deployment; the user of this machine for the local store, which needs no AWS. */
  by: string
  close(): Promise<void>
}

/** Throws the kill switch of the local store or of a deployment; gives the word that stands now. */
export async function setSwitch(
  { store, by, stack }: Switch,
  scope: PauseScope,
  word: Pick<Control, 'paused' | 'reason'>,
): Promise<Control> {
  const clock = stack?.clock ?? systemClock
  const control: Control = { ...word, by, at: new Date(clock.now()).toISOString() }
  await store.setControlOf(scope, control)
  return control
}

/** The switch as `--json` shows it. */
export function controlJson({ paused, by, at, reason }: Control, scope: PauseScope) {
  return { paused, scope, by: by ?? null, at: at ?? null, reason: reason ?? null }
}

/** A pause that stands, and what it is about. */
export interface Pause {
  scope: PauseScope
  control: Control
}

/** The pauses that stand as `--json` shows them: `paused` is the one of everything; nothing where none stands. */
export function pausesJson(pauses: readonly Pause[]) {
  if (pauses.length === 0) return {}
  const all = pauses.map(({ scope, control: { by = null, at = null, reason = null } }) => {
    return { scope, by, at, reason }
  })
  const everything = all.find(({ scope }) => scope === EVERYTHING)
  const { by = null, at = null, reason = null } = everything ?? {}
  return { ...(everything && { paused: { by, at, reason } }), pauses: all }
}

/** Tells on stderr what does not start because somebody has paused it. */
export function tellPaused(pauses: readonly Pause[], invocation: Invocation): void {
  const { output } = invocation
  for (const { scope, control } of pauses) {
    const what = scope === EVERYTHING ? 'no change starts' : 'none of its changes starts'
    const way = `${what} until rectify resume${scopeOptions(scope)}${sameWay(invocation)}`
    output.note(output.notePaint.warn(`${visible(pausedText(control, scope))}; ${way}`))
  }
}

/** The switch of the local store, or with `--stack` of a deployment. */
export async function openSwitch(invocation: Invocation): Promise<Switch> {
  if (invocation.shared.stack === undefined) {
    const store = await openStore(invocation)
    return { store, by: userOfThisMachine(), close: () => store.close() }
  }
  const stack = await openStack(invocation)
  const { arn } = await stack.aws.identity()
  return { store: stack.store, stack, by: arn, close: () => stack.close() }
}

function userOfThisMachine(): string {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    // A container may run under a number that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}@${hostname()}`
  }
}
