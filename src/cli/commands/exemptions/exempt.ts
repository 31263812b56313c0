import { type Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import { systemClock, ulids } from '../../../engine/system.ts'
import { momentText } from '../../../policy/exemptions/last-moment.ts'
import { storedJson } from '../../../reports/exemptions/exemptions-json.ts'
import { visible } from '../../../reports/paint.ts'
import type { StoredExemption } from '../../../run/store.ts'
import { exemptedResource } from '../../input/exempted-resource.ts'
import { exemptedUntil } from '../../input/exempted-until.ts'
import { openSwitch, type Switch } from '../../pausing.ts'
import { loadPlaybooks, playbookCalled } from '../../program/catalogue.ts'
import type { Invocation } from '../../program/invocation.ts'
import { sameWay } from '../../program/same-way.ts'

const EXAMPLES = `
Examples:
  rectify exempt sg-0123456789abcdef0 --until 2027-01-31 --reason "public bastion"
  rectify exempt arn:aws:s3:::site --until 30d --reason "static site" --playbook s3-block-public-access --owner web
  rectify exempt sg-0123456789abcdef0 --until 7d --reason "migration" --stack prod
  rectify exempt --end 01JD8Q4Z3MX7P0V6T2C9KB5RWA --reason "bastion is gone"

It counts at once, also for runs that were approved and have not begun to change anything. One resource by its id or ARN:
patterns, and what several people should review, belong into the policy file (exemptions). rectify exemptions lists all.`

interface Options {
  until?: string
  reason?: string
  playbook?: string
  owner?: string
  end?: string
}

/** Reasons are shown in lists and cards. */
const LONGEST_REASON = 1_000

/** `rectify exempt RESOURCE`: leaves a resource alone until a day; `--end ID` lets it be put right again before. */
export function exempt(command: Command, invocation: Invocation): void {
  command
    .addOption(
      new Option('--until <when>', 'a date, which counts to its end in UTC, a time, or 30d from now'),
    )
    .addOption(new Option('--reason <text>', 'why; told with each run that it holds back'))
    .addOption(new Option('--playbook <id>', 'from this playbook only'))
    .addOption(new Option('--owner <name>', 'whom to ask about it (default: you)'))
    .addOption(new Option('--end <id>', 'end this exemption, which rectify exemptions lists'))
    .addHelpText('after', EXAMPLES)
    .action(async (words: string | undefined, options: Options) => {
      if (options.end === undefined) return start(invocation, words, options)
      const others = words ?? options.until ?? options.playbook ?? options.owner
      if (others !== undefined)
        throw new BadRequest('usage', '--end takes the id of an exemption and a --reason, and nothing else')
      return end(invocation, options.end, options.reason)
    })
}

async function start(invocation: Invocation, words: string | undefined, options: Options): Promise<void> {
  const { output } = invocation
  const { until, reason } = options
  if (words === undefined) throw new BadRequest('usage', 'name the resource by its id or ARN, or --end ID')
  if (until === undefined) throw new BadRequest('usage', 'say until when: --until 2027-01-31, --until 30d')
  if (reason === undefined) throw new BadRequest('usage', 'say why: --reason TEXT')
  if (reason.length > LONGEST_REASON)
    throw new BadRequest('usage', `--reason is longer than ${LONGEST_REASON} characters`)
  const playbooks = await loadPlaybooks(invocation)
  const only = options.playbook === undefined ? undefined : playbookCalled(options.playbook, playbooks)
  const { resource, isForeign } = exemptedResource(words, playbooks, only)
  if (isForeign) output.note(`note: no playbook changes such a resource: this holds nothing back today`)
  // What is wrong with it is said before anybody is asked.
  exemptedUntil(until, systemClock.now())
  await at(invocation, async ({ store, by }, now) => {
    const exemption: StoredExemption = {
      ...{ id: ulids().next(), resource, ...(only && { playbook: only.id }) },
      ...{ owner: options.owner?.trim() ?? by, reason: reason.trim(), until: exemptedUntil(until, now) },
      ...{ by, at: new Date(now).toISOString(), origin: 'command' },
    }
    const others = await store.exemptionsOf([resource], now)
    await store.putExemption(exemption)
    for (const { id, until: ends } of others)
      output.note(`note: ${id} exempts it, too, until ${momentText(ends)}: each is ended by itself`)
    output.result({ exemption: storedJson(exemption, now) }, () => startedText(exemption, invocation))
  })
}

function startedText(
  { id, resource, playbook, until, reason }: StoredExemption,
  invocation: Invocation,
): string {
  const from = playbook === undefined ? '' : ` from ${playbook}`
  const said = `${resource} is exempted${from} until ${momentText(until)}: ${visible(reason)}`
  return `${said}\n\nNext: rectify exempt --end ${id}${sameWay(invocation)}`
}

async function end(invocation: Invocation, id: string, reason: string | undefined): Promise<void> {
  const { output } = invocation
  await at(invocation, async ({ store, by }, now) => {
    const called = id.trim().toUpperCase()
    const ended = { by, at: new Date(now).toISOString(), ...(reason !== undefined && { reason }) }
    const lists = `\`rectify exemptions${sameWay(invocation)}\` lists them`
    switch (await store.endExemption(called, ended)) {
      case 'ended':
        return output.result({ ended: { id: called, ...ended } }, () => `exemption ${called} is ended`)
      case 'alreadyEnded':
        throw new BadRequest('usage', `exemption ${called} is ended already; ${lists}`)
      case 'unknown':
        throw new BadRequest('usage', `no exemption is called "${visible(id)}"; ${lists}`)
    }
  })
}

/** Does something with the local store or that of a deployment; `now` in ms since 1970, UTC. */
async function at(invocation: Invocation, act: (where: Switch, now: number) => Promise<void>): Promise<void> {
  const where = await openSwitch(invocation)
  try {
    await act(where, (where.stack?.clock ?? systemClock).now())
  } finally {
    await where.close()
  }
}
