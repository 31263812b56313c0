/**
 * What cards and the receiver of clicks call the same things: ids of actions, of modals and of what is typed into them,
 * and how a button says which run and which plan it is about.
 */

/** Ids of the buttons. */
export const ACTION = {
  approve: 'approve',
  decline: 'decline',
  exempt: 'exempt',
  details: 'details',
  undo: 'undo',
  approveAll: 'approve_all',
} as const

/** `callback_id` of the modals. */
export const MODAL = { reason: 'reason', exempt: 'exempt', details: 'details' } as const

/** Where the modals keep what a person typed: `view.state.values[block][action]`. */
export const FIELD = {
  reason: { block: 'reason', action: 'text' },
  until: { block: 'until', action: 'days' },
} as const

/** For how many days a run may be exempted; the values of the select. */
export const EXEMPT_DAYS = [1, 7, 30, 90] as const

/** Most characters of a reason. */
export const LONGEST_REASON = 1_000

/** A run and the whole hash of the plan that a person saw; the hash is empty where the run has no plan. */
export interface Bound {
  run: string
  hash: string
}

/** The value of a button and the `private_metadata` of a modal: `RUN:sha256:…`. */
export const boundValue = ({ run, hash }: Bound): string => `${run}:${hash}`

/** The value of a button for several runs. */
export const boundValues = (all: readonly Bound[]): string => all.map(boundValue).join(',')

const BOUND = /^([0-9A-Z]{26}):((?:sha256:[0-9a-f]{64})?)$/

/** What a button is about; undefined for a text that no card of ours has written. */
export function boundIn(value: string): Bound | undefined {
  const [, run, hash] = BOUND.exec(value) ?? []
  return run !== undefined && hash !== undefined ? { run, hash } : undefined
}

/** What a button for several runs is about; undefined where any part of it cannot be read. */
export function allBoundIn(value: string): Bound[] | undefined {
  const all = value.split(',').map(boundIn)
  return all.every((one) => one !== undefined) ? all : undefined
}
