/**
 * What a store could not do, named by its consequence:
 * - `unusable`: the folder or file cannot be read or written as it is; nothing was done, a person must act
 * - `damaged`: the file is no run store or is broken; it is left exactly as it was found
 * - `newer`: a newer version of the program wrote it; this version does not touch it
 * - `busy`: others held the file for too long; the same request may be repeated
 * - `misuse`: the caller broke the contract of `RunStore`
 * - `tooLarge`: see `RunTooLarge`
 */
export type StoreErrorKind = 'unusable' | 'damaged' | 'newer' | 'busy' | 'misuse' | 'tooLarge'

/** Nothing of the request was stored, unless it is `busy` at the very end: then its commit id tells. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind
  constructor(kind: StoreErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StoreError'
    this.kind = kind
  }
}

/** Largest stored run: bytes of its JSON in UTF-8. */
export const MAX_RUN_BYTES = 300_000

/** The run does not fit: nothing has been changed yet, so it ends `blocked`. Store it again without its plan. */
export class RunTooLarge extends StoreError {
  readonly bytes: number
  constructor(run: string, bytes: number) {
    super(
      'tooLarge',
      `run ${run} takes ${bytes} bytes, more than the ${MAX_RUN_BYTES} that a stored run may take`,
    )
    this.name = 'RunTooLarge'
    this.bytes = bytes
  }
}
