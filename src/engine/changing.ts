/**
 * What a run needs once it changes something: how that is done, waited for, proven, and looked at when it is taken back.
 * Most runs change nothing, and one that does needs most of it: it is loaded together, with the first that does.
 */
export { change, givenUp } from './effects/change.ts'
export { lookForUndo } from './effects/look-for-undo.ts'
export { settle } from './effects/settle.ts'
export { verify } from './effects/verify.ts'
