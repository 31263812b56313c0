import { setFlagsFromString } from 'node:v8'

/**
 * For work that is long, or may be: from here on V8 compiles what is hot.
 *
 * `main.ts` starts every process without V8's compilers. What ends after a few dozen milliseconds gains
 * nothing from them, and the first function that they compile costs 3 MB of memory. V8 reads these flags each time that
 * a function has become hot, and a version that does not know one goes on without.
 */
export function compileWhatIsHot(): void {
  compileInThreads()
  setFlagsFromString('--opt')
}

/**
 * The same for work of several threads, each of which compiles for itself. The compiler that takes the longest is left
 * out: for a file of 424 MB it took a seventh of all processor time, and most of that work is parsing and looking up names,
 * which its code does no faster.
 */
export function compileInThreads(): void {
  setFlagsFromString('--sparkplug')
  setFlagsFromString('--maglev')
}
