import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { BadRequest } from '../../engine/engine.ts'
import { loadPlaybooks } from '../catalogue.ts'
import type { Invocation } from '../invocation.ts'

const EXAMPLES = `
Examples:
  rectify init
  rectify init --policy policies/production.yaml
  rectify init --yes                                overwrite the one that is there`

/** `rectify init`: writes a commented starter policy that only rehearses. No AWS. */
export function init(invocation: Invocation): Command {
  return new Command('init')
    .description('write a commented starter policy; everything in it is on rehearse')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { starterPolicy } = await import('../../policy/starter.ts')
      const { shared, cwd, output } = invocation
      const file = resolve(cwd, shared.policy ?? 'rectify.yaml')
      await write(file, starterPolicy(await loadPlaybooks()), shared.yes === true)
      output.result(
        { file },
        () => `wrote ${file}\n\nNext: rectify rehearse FINDINGS, then turn on what convinced you.`,
      )
    })
}

async function write(file: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: overwrite ? 'w' : 'wx' })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new BadRequest('usage', `${file} is already there; --yes overwrites it`, { cause })
    throw new BadRequest('usage', `the policy cannot be written: ${message}`, { cause })
  }
}
