import type { Command } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import { runCalled } from '../../../engine/run-called.ts'
import { mergeOf } from '../../../playbook/step.ts'
import { findingsText, timeBoxesText } from '../../../reports/findings-text.ts'
import { historyText } from '../../../reports/run/history-text.ts'
import { planSection } from '../../../reports/run/plan-text.ts'
import { runJson } from '../../../reports/run/run-json.ts'
import { runText, showsChange } from '../../../reports/run/run-text.ts'
import { runsTable } from '../../../reports/run/runs-table.ts'
import type { CardStore } from '../../../run/card.ts'
import type { Run } from '../../../run/run.ts'
import type { RunStore, TimeBox } from '../../../run/store.ts'
import { addRunConditions, filterOf, type RunConditions } from '../../input/run-filter.ts'
import { pausesJson, tellPaused } from '../../pausing.ts'
import { loadPlaybooks, titlesOf } from '../../program/catalogue.ts'
import { openStore } from '../../program/context.ts'
import type { Invocation } from '../../program/invocation.ts'
import { sameWay } from '../../program/same-way.ts'
import { openStack } from '../../stack/stack.ts'

/** A deployment keeps months of runs, each as large as its plan: of those the newest are shown, unless another number is asked for. */
const MOST_OF_A_STACK = 500

const EXAMPLES = `
Examples:
  rectify runs                                 all runs, newest first
  rectify runs 01JD8Q4Z3MX7                    one run with its plan, approvals and audit
  rectify runs --stack prod                    what a deployment has done
  rectify runs --outcome failed,unverified,waiting --since 7d
  rectify runs --resource sg-0123456789abcdef0
  rectify runs --json | jq '.runs[0].outcome'

A run is named by its id or the beginning of it. On a terminal the list is made to fit; elsewhere it is whole.`

/** `rectify runs [ID]`: what the local store knows, without AWS; with `--stack`, what the table of a deployment knows. */
export function runs(command: Command, invocation: Invocation): void {
  addRunConditions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, conditions: RunConditions) => {
      if (id !== undefined && Object.keys(conditions).length > 0)
        throw new BadRequest('usage', 'give either a run or conditions for a list of runs, not both')
      const ofStack = invocation.shared.stack !== undefined
      const opened = ofStack ? await storeOfStack(invocation) : await localStore(invocation)
      try {
        if (id === undefined) await showAll(invocation, opened.store, conditions)
        else await showOne(invocation, opened, id)
      } finally {
        await opened.close()
      }
    })
}

interface Opened {
  store: RunStore
  /** Only a deployment asks people in Slack. */
  cards?: Pick<CardStore, 'cardOf'>
  close(): Promise<void>
}

async function localStore(invocation: Invocation): Promise<Opened> {
  const store = await openStore(invocation)
  return { store, close: () => store.close() }
}

async function storeOfStack(invocation: Invocation): Promise<Opened> {
  const stack = await openStack(invocation)
  return { store: stack.store, cards: stack.cards, close: () => stack.close() }
}

async function showAll(invocation: Invocation, store: RunStore, conditions: RunConditions): Promise<void> {
  const { output, shared } = invocation
  const most = shared.stack === undefined ? {} : { limit: MOST_OF_A_STACK }
  const wanted = await store.list({ ...most, ...filterOf(conditions) })
  if (conditions.limit === undefined && wanted.length === MOST_OF_A_STACK && shared.stack !== undefined) {
    output.note(
      `only the newest ${MOST_OF_A_STACK} are shown: --limit shows more, --since ends the list at a time`,
    )
  }
  const isAny = wanted.length > 0 || (await store.list({ limit: 1 })).length > 0
  const pauses = await store.allControls()
  tellPaused(pauses, invocation)
  const document = { runs: wanted.map((run) => runJson(run)), ignored: [], rejected: [] }
  output.result({ ...document, ...pausesJson(pauses) }, () =>
    wanted.length === 0 && isAny ? 'no such run' : runsTable(wanted, output.paint, output.width),
  )
}

async function showOne(invocation: Invocation, { store, cards }: Opened, id: string): Promise<void> {
  const { output } = invocation
  const run = await runCalled(store, id)
  const audit = await store.audit(run.id)
  const timeBoxes = await timeBoxesOf(store, run)
  const told = await store.told(run.id)
  const card = run.approval?.channel === undefined ? undefined : await cards?.cardOf(run.id)
  const titles = titlesOf(await loadPlaybooks(invocation))
  const document = { runs: [runJson(run, { audit, timeBoxes, card }, told)], ignored: [], rejected: [] }
  const title = titles[run.playbook] ?? run.playbook
  output.result(document, () =>
    [
      runText(run, title, output.paint, sameWay(invocation), told),
      findingsText(run.findings, output.paint),
      run.plan ? planSection(run.plan, showsChange(run), output.paint) : '',
      timeBoxesText(timeBoxes, output.paint),
      historyText(run, { audit, card }, output.paint),
    ]
      .filter(Boolean)
      .join('\n\n'),
  )
}

/** The time-boxed entries that a run holds; only a playbook that blocks for a while has any. */
async function timeBoxesOf(store: RunStore, run: Run): Promise<TimeBox[]> {
  const timeBoxed = run.timeBoxes ?? run.plan?.steps.find((step) => mergeOf(step)?.expiresAfter)
  if (!timeBoxed) return []
  return (await store.timeBoxes(run.resource)).filter((timeBox) => timeBox.run === run.id)
}
