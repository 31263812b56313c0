import type { Command } from 'commander'
import { systemClock } from '../../../engine/system.ts'
import { exemptionsJson, type ShownExemption } from '../../../reports/exemptions/exemptions-json.ts'
import { exemptionsText } from '../../../reports/exemptions/exemptions-text.ts'
import type { RunStore } from '../../../run/store.ts'
import { lookUpPolicyLeniently } from '../../input/policy-lookup.ts'
import { loadPlaybooks } from '../../program/catalogue.ts'
import { openStore } from '../../program/context.ts'
import type { Invocation } from '../../program/invocation.ts'
import { openStack } from '../../stack/stack.ts'

/** Runs are looked through so far back (ms), and so many of them: a deployment keeps months of runs. */
const LOOKED_BACK_MS = 30 * 24 * 3_600_000
const MOST_RUNS = 1_000

const EXAMPLES = `
Examples:
  rectify exemptions                         those of the policy file and those that were given at run time
  rectify exemptions --stack prod            those of a deployment; with --policy FILE also those of its file
  rectify exemptions --json | jq '.exemptions[] | select(.state == "endsSoon")'

HELD BACK are runs of the last 30 days that ended exempted by it. A tag of a resource (rectify:exempt-until) is listed as
the last of these runs met it.`

/** `rectify exemptions`: what is left alone, by whose word, until when, and what that has held back. */
export function exemptions(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(async () => {
    const { output, shared } = invocation
    const playbooks = await loadPlaybooks(invocation)
    // The file in this folder need not be the one that was deployed.
    const isFile = shared.stack === undefined || shared.policy !== undefined
    const policy = isFile ? await lookUpPolicyLeniently(invocation, playbooks) : { kind: 'none' as const }
    const stack = shared.stack === undefined ? undefined : await openStack(invocation)
    const store = stack?.store ?? (await openStore(invocation))
    const now = (stack?.clock ?? systemClock).now()
    try {
      const { stored, exempted } = await known(store, now)
      const all = exemptionsJson({ stored, policy, exempted }, now)
      if (!isFile) output.note('those of the deployed policy file are not shown: --policy FILE shows them')
      tellEnding(all, invocation)
      const heldBackSince = new Date(now - LOOKED_BACK_MS).toISOString()
      output.result({ exemptions: all, heldBackSince }, () => exemptionsText(all, output.paint))
    } finally {
      await (stack ?? store).close()
    }
  })
}

async function known(store: RunStore, now: number) {
  const [stored, exempted] = await Promise.all([
    store.exemptions(),
    store.list({
      ...{ state: ['closed'], since: now - LOOKED_BACK_MS, limit: MOST_RUNS },
      where: ({ outcome }) => outcome === 'exempted',
    }),
  ])
  return { stored, exempted }
}

/** What ends soon is put right from then on: somebody may not want that. */
function tellEnding(all: readonly ShownExemption[], { output }: Invocation): void {
  const count = all.filter(({ state }) => state === 'endsSoon').length
  if (count === 0) return
  const what = count === 1 ? '1 exemption ends' : `${count} exemptions end`
  output.note(output.notePaint.warn(`${what} within a week: what it leaves alone is put right from then on`))
}
