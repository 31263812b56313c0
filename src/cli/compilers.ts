import { setFlagsFromString } from 'node:v8'

/**
 * For work that is long, or may be: from here on V8 compiles what is hot.
 *
 * `main.ts` starts every process without V8's compilers. What ends after a few dozen milliseconds gains
 * nothing from them, and the first function that they compile costs 3 MB of memory. V8 reads these flags each time that
 * a function has become hot, and a version that does not know one goes on without.
 */
export function compileWhatIsHot(): void {
  setFlagsFromString('--sparkplug')
  setFlagsFromString('--maglev')
  setFlagsFromString('--opt')
}
