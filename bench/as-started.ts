import { readFileSync } from 'node:fs'

/** How a program starts: what its environment has besides, and what Node.js is given. */
export interface Started {
  env: Record<string, string>
  args: string[]
}

/**
 * As the first line of a program says that it starts: an earlier build is measured as it was, and not with the options of
 * this one.
 */
export function asStarted(program: string): Started {
  const [first = ''] = readFileSync(program, 'utf8').split('\n', 1)
  const [, set, options] = /^#!\/usr\/bin\/env (?:-S )?((?:\w+=\S+ )*)node ?(.*)$/.exec(first) ?? []
  if (set === undefined || options === undefined) throw new Error(`${program} does not say how it is started`)
  const pairs = set.split(' ').filter((each) => each !== '')
  return {
    env: Object.fromEntries(pairs.map((pair) => pair.split('='))),
    args: [...options.split(' ').filter((each) => each !== ''), program],
  }
}
