import { hostname, userInfo } from 'node:os'
import { pausedText } from '../engine/kill-switch.ts'
import { systemClock } from '../engine/system.ts'
import { visible } from '../reports/paint.ts'
import type { Control, RunStore } from '../store/store.ts'
import { openStore } from './context.ts'
import type { Invocation } from './invocation.ts'
import { sameWay } from './same-way.ts'
import { openStack } from './stack.ts'

/** A kill switch and who stands at it. */
interface Switch {
  store: RunStore
  /** IAM ARN for a deployment; the user of this machine for the local store, which needs no AWS. */
  by: string
  close(): Promise<void>
}

/** Throws the kill switch of the local store or of a deployment, and prints how it stands now. */
export async function setSwitch(
  invocation: Invocation,
  word: Pick<Control, 'paused' | 'reason'>,
  text: (control: Control) => string,
): Promise<void> {
  const { output } = invocation
  const { store, by, close } = await openSwitch(invocation)
  try {
    const control: Control = { ...word, by, at: new Date(systemClock.now()).toISOString() }
    await store.setControl(control)
    const { paused, at, reason = null } = control
    output.result({ paused, by, at, reason }, () => text(control))
  } finally {
    await close()
  }
}

/** Tells on stderr that no change starts, if somebody has paused it. */
export function tellPaused(control: Control, invocation: Invocation): void {
  if (!control.paused) return
  const { output } = invocation
  const way = `no change starts until rectify resume${sameWay(invocation)}`
  output.note(output.notePaint.warn(`${visible(pausedText(control))}; ${way}`))
}

async function openSwitch(invocation: Invocation): Promise<Switch> {
  if (invocation.shared.stack === undefined) {
    const store = await openStore(invocation)
    return { store, by: userOfThisMachine(), close: () => store.close() }
  }
  const stack = await openStack(invocation)
  const { arn } = await stack.aws.identity()
  return { store: stack.store, by: arn, close: () => stack.close() }
}

function userOfThisMachine(): string {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    // A container may run under a number that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}@${hostname()}`
  }
}
