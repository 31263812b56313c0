import { hostname, userInfo } from 'node:os'
import { pausedText } from '../engine/rails/kill-switch.ts'
import { systemClock } from '../engine/system.ts'
import { visible } from '../reports/paint.ts'
import type { Control, RunStore } from '../run/store.ts'
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
  { store, by }: Switch,
  word: Pick<Control, 'paused' | 'reason'>,
): Promise<Control> {
  const control: Control = { ...word, by, at: new Date(systemClock.now()).toISOString() }
  await store.setControl(control)
  return control
}

/** The switch as `--json` shows it. */
export function controlJson({ paused, by, at, reason }: Control) {
  return { paused, by: by ?? null, at: at ?? null, reason: reason ?? null }
}

/** Tells on stderr that no change starts, if somebody has paused it. */
export function tellPaused(control: Control, invocation: Invocation): void {
  if (!control.paused) return
  const { output } = invocation
  const way = `no change starts until rectify resume${sameWay(invocation)}`
  output.note(output.notePaint.warn(`${visible(pausedText(control))}; ${way}`))
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
