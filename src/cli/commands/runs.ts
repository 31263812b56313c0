import { Command } from 'commander'
import { BadRequest } from '../../engine/engine.ts'
import { historyText } from '../../reports/history-text.ts'
import { planText } from '../../reports/plan-text.ts'
import { runText } from '../../reports/run-text.ts'
import { runsTable } from '../../reports/runs-table.ts'
import type { Run } from '../../store/run.ts'
import type { RunStore } from '../../store/store.ts'
import { loadPlaybooks, titlesOf } from '../catalogue.ts'
import { openStore } from '../context.ts'
import type { Invocation } from '../invocation.ts'
import { runJson } from '../run-json.ts'
import { refuseStack, stateFolder } from '../settings.ts'

const EXAMPLES = `
Examples:
  rectify runs                                 all runs, newest first
  rectify runs 01JD8Q4Z3M...                   one run with its plan, approvals and audit
  rectify runs --json | jq '.runs[0].outcome'`

/** `rectify runs [ID]`: what the local store knows. No AWS. */
export function runs(invocation: Invocation): Command {
  return new Command('runs')
    .description('the runs of the local store, or one of them with everything that is known about it')
    .argument('[id]', 'the run')
    .addHelpText('after', EXAMPLES)
    .action(async (id?: string) => {
      refuseStack(invocation)
      const store = await openStore(invocation)
      try {
        if (id === undefined) await showAll(invocation, store)
        else await showOne(invocation, store, id)
      } finally {
        await store.close()
      }
    })
}

async function showAll({ output }: Invocation, store: RunStore): Promise<void> {
  const all = await store.list()
  output.result({ runs: all.map((run) => runJson(run)), ignored: [], rejected: [] }, () =>
    runsTable(all, output.paint),
  )
}

async function showOne(invocation: Invocation, store: RunStore, id: string): Promise<void> {
  const { output } = invocation
  const run = await store.get(id)
  if (!run) throw unknownRun(id, invocation)
  const audit = await store.audit(id)
  const titles = titlesOf(await loadPlaybooks())
  const document = { runs: [runJson(run, { audit })], ignored: [], rejected: [] }
  output.result(document, () => describe(run, titles[run.playbook] ?? run.playbook))

  function describe(run: Run, title: string): string {
    const plan = run.plan ? [planText(run, title, output.paint)] : []
    return [runText(run, title, output.paint), ...plan, historyText(run, audit, output.paint)].join('\n\n')
  }
}

/** The same words for every command that is given the id of a run. */
export function unknownRun(id: string, invocation: Invocation): BadRequest {
  return new BadRequest('usage', `no run ${id} in ${stateFolder(invocation)}; rectify runs lists them`)
}
