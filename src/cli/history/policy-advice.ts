import { basename, relative, sep } from 'node:path'
import { BadRequest } from '../../engine/refusals.ts'
import type { Json } from '../../playbook/json.ts'
import { type KnownPlaybook, loaded } from '../../playbook/service/known-playbook.ts'
import { type Advice, adviceOn } from '../../policy/advise/advice.ts'
import { advisedPolicy } from '../../policy/advise/advised-policy.ts'
import { criteriaOf } from '../../policy/advise/criteria.ts'
import {
  type Gathered,
  gathering,
  sinceWhen,
  underParameters,
} from '../../policy/advise/gathered-evidence.ts'
import type { Proposal } from '../../policy/advise/written-edits.ts'
import { findPolicy } from '../../policy/file/find.ts'
import { loadWrittenPolicy } from '../../policy/file/load.ts'
import type { PolicyFromFile } from '../../policy/rules.ts'
import type { Advised } from '../../reports/advise/advise-json.ts'
import { commentText } from '../../reports/advise/advise-text.ts'
import { visitRuns } from '../../run/visit-runs.ts'
import { loadPlaybooks } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'
import { openRuns } from './open-runs.ts'

export { adviseJson } from '../../reports/advise/advise-json.ts'
export { adviseText } from '../../reports/advise/advise-text.ts'

/** Reads the policy and the runs, and says what they speak for. */
export async function adviceHere(invocation: Invocation): Promise<Advised> {
  const { cwd } = invocation
  const { policy, text, mark, playbooks } = await policyHere(invocation)
  const criteria = criteriaOf(policy.policy)
  const runs = await openRuns(invocation)
  try {
    const now = runs.clock.now()
    const since = sinceWhen(criteria, now)
    const { add, result } = gathering({ policy, playbooks }, criteria, now)
    const { isCut } = await visitRuns(runs.store, { since }, add)
    const found = result()
    const gathered = underParameters(found, await parametersNow(found, policy, playbooks))
    const advice = adviceOn(policy.policy, gathered, criteria, isCut)
    const path = pathFrom(cwd, policy.file)
    const from = { policy, text, mark, playbooks, path }
    const proposed = await advisedPolicy(from, advice.filter(isProposal), (each) => commentText(each, now))
    return { policy, criteria, gathered, advice, proposed, since: new Date(since).toISOString(), isCut }
  } finally {
    await runs.close()
  }
}

/** What the rules say now to the playbooks that runs are of: only these are loaded. */
async function parametersNow(
  { shown }: Gathered,
  { policy: { rules } }: PolicyFromFile,
  playbooks: readonly KnownPlaybook[],
): Promise<Parameters<typeof underParameters>[1]> {
  const named = playbooks.filter(({ id }) => shown.some(({ playbook }) => playbook === id))
  const whole = new Map(await Promise.all(named.map(async (each) => [each.id, await loaded(each)] as const)))
  return ({ rule, playbook }) => {
    const given = rule === 'none' ? {} : rules[rule]!.parameters
    return whole.get(playbook)?.parameters.parse(given) as Json
  }
}

const isProposal = (advice: Advice): advice is Proposal => advice.advised !== undefined

/** The file that the patch is for, as it stands there now. */
async function policyHere(invocation: Invocation) {
  const { shared, env, cwd } = invocation
  const found = findPolicy({ named: shared.policy, env, cwd })
  if (!found) throw new BadRequest('policy', 'no policy file here; rectify init writes one')
  const playbooks = await loadPlaybooks(invocation)
  const { policy, bytes, text } = await loadWrittenPolicy(found.file, playbooks)
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\u{feff}' : ''
  return { policy, text, mark, playbooks }
}

/** As a patch names it; a file elsewhere is patched in its own folder. */
function pathFrom(cwd: string, file: string): string {
  const path = relative(cwd, file)
  return path.startsWith('..') ? basename(file) : path.split(sep).join('/')
}

/** What is told where only the patch is printed. */
export const byHandText = ({ playbook, advised }: Proposal, why: string) =>
  `by hand: ${playbook} to ${advised} is not in the patch: ${why}`
