import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a checkout gives Node.js to start its program: options, then the file, as in its own `npm run rectify`. An earlier
 * build is measured as it was, and not with the options of this one.
 * @param root folder of the checkout
 */
export function asStarted(root: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [node, ...rest] = String(scripts.rectify).split(' ')
  const file = rest.pop()
  if (node !== 'node' || !file?.endsWith('.ts'))
    throw new Error(`${root}: npm run rectify is no call of Node.js`)
  return [...rest, join(root, file)]
}

/** The same of a program with options in its first line, as the package has it. */
export function byFirstLine(program: string): string[] {
  const [first = ''] = readFileSync(program, 'utf8').split('\n', 1)
  const [, options] = /^#!\/usr\/bin\/env -S node (.*)$/.exec(first) ?? []
  if (options === undefined) throw new Error(`${program} does not say how it is started`)
  return [...options.split(' '), program]
}
