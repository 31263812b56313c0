import { isIP } from 'node:net'
import type { Command } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import { heldEntries } from '../../../engine/undo/unblocking.ts'
import { canonicalCidr } from '../../../playbook/network/addresses.ts'
import { heldJson } from '../../../reports/held/held-json.ts'
import { heldText } from '../../../reports/held/held-text.ts'
import type { Invocation } from '../../program/invocation.ts'
import { restOf } from '../../rest.ts'
import { onStoredRuns } from '../../stored-runs.ts'

const EXAMPLES = `
Examples:
  rectify unblock 45.155.205.10                     shows who holds it, and asks
  rectify unblock 45.155.205.10 --yes --rest 7d     no question; the findings that held it are left alone for a week
  rectify unblock 45.155.205.10 --stack prod        has the deployment do it, in your name

An address stays blocked as long as one finding wants it so: undo takes back one run, unblock the address.`

/** `rectify unblock ADDRESS`: takes an address out of all sets into which runs have put it, whoever holds it there. */
export function unblock(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(async (address: string) => {
    const entry = entryOf(address)
    const restFor = restOf(invocation)
    const { output } = invocation
    await onStoredRuns(invocation, 'unblock', async ({ engine, store, stack }) => {
      const held = await heldEntries(store, entry)
      output.note(`\n${heldText(held.map(heldJson), output.notePaint)}\n`)
      const more = { held: held.map(heldJson) }
      if (!stack) return { ...(await engine.unblock(entry, { restFor })), more }
      const { unblockOnStack } = await import('../../stack/unblock-on-stack.ts')
      return { ...(await unblockOnStack(invocation, stack, held, restFor)), more }
    })
  })
}

/** The address as sets hold it: a range of one, in WAF's form. Throws `BadRequest`. */
function entryOf(text: string): string {
  const [address = '', prefix = '0'] = text.trim().split('/')
  const entry = canonicalCidr(text.trim())
  const most = isIP(address) === 4 ? 32 : 128
  if (isIP(address) === 0 || address.includes('%') || !/^\d{1,3}$/.test(prefix) || Number(prefix) > most)
    throw new BadRequest('usage', `"${text}" is no address, such as 45.155.205.10 or 2a0b:f4c2::7`)
  return entry
}
