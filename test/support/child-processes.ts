import { readdirSync, readFileSync } from 'node:fs'
import { expect } from '@jest/globals'

/** Processes that a process has started. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)
}

/** Of a process; undefined when it has ended. */
export function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch (error) {
    // It has ended since the folder was read.
    expect(error).toMatchObject({ code: expect.stringMatching(/ENOENT|ESRCH/) })
    return undefined
  }
}
