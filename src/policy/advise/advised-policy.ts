import { type Json, sameJson } from '../../playbook/json.ts'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import { DEFAULT_APPROVAL } from '../approvers.ts'
import { checkedPolicy } from '../file/load.ts'
import { PolicyError } from '../file/policy-error.ts'
import { readYaml } from '../file/yaml.ts'
import type { PolicyFromFile, Rule } from '../rules.ts'
import { isWhole, narrowed } from './narrower-rule.ts'
import { edited, type TextEdit, unifiedDiff } from './text-edits.ts'
import { editFor, type Proposal, type WrittenPolicy } from './written-edits.ts'

/** The file as it is proposed. */
export interface AdvisedPolicy {
  /** A unified diff; empty where nothing is proposed. */
  patch: string
  /** The whole file with it. */
  text: string
  /** Proposals that the file does not take as it is written, each with why: a sentence for a person. */
  byHand: { proposal: Proposal; why: string }[]
}

/** What a policy file is made from. */
export interface PolicyText {
  policy: PolicyFromFile
  text: string
  playbooks: readonly KnownPlaybook[]
  /** For the patch: from where it is applied. */
  path: string
  /** What stands in the file before its text and is no part of it (a byte order mark). */
  mark?: string
}

interface Made {
  proposal: Proposal
  edit: TextEdit
}

/**
 * Writes proposals into the text of a policy file. What comes out is read back: it is taken only where it loads, and each
 * of its rules is what it was or what is proposed.
 * @param commentOn one line for the file on why something is proposed
 */
export async function advisedPolicy(
  from: PolicyText,
  proposals: readonly Proposal[],
  commentOn: (proposal: Proposal) => string,
): Promise<AdvisedPolicy> {
  const { policy, text, path, mark = '' } = from
  const written: WrittenPolicy = { text, yaml: readYaml(text, policy.file), rules: policy.policy.rules }
  const byHand: AdvisedPolicy['byHand'] = []
  const possible = proposals.flatMap((proposal): Made[] => {
    const edit = editFor(written, proposal, commentOn(proposal))
    if (edit) return [{ proposal, edit }]
    byHand.push({ proposal, why: 'the file is written in a way that is not changed here' })
    return []
  })
  const made =
    (await whyNot(from, possible)) === undefined ? possible : await oneByOne(from, possible, byHand)
  const edits = made.map(({ edit }) => edit)
  const inFile = edits.map((edit) => ({ ...edit, at: edit.at + mark.length }))
  return { patch: unifiedDiff(mark + text, inFile, path), text: edited(text, edits), byHand }
}

async function oneByOne(
  from: PolicyText,
  possible: readonly Made[],
  byHand: AdvisedPolicy['byHand'],
): Promise<Made[]> {
  let taken: Made[] = []
  for (const each of possible) {
    const why = await whyNot(from, [...taken, each])
    if (why === undefined) taken = [...taken, each]
    else byHand.push({ proposal: each.proposal, why })
  }
  return taken
}

/** Why a file with these edits is not what is proposed; undefined where it is. */
async function whyNot(
  { policy, text, playbooks }: PolicyText,
  made: readonly Made[],
): Promise<string | undefined> {
  const changed = edited(
    text,
    made.map(({ edit }) => edit),
  )
  try {
    const { policy: now } = await checkedPolicy(changed, policy.file, playbooks)
    const { rules: _, ...others } = policy.policy
    const { rules, ...othersNow } = now
    const isSame =
      sameJson(rules.map(asDecides), expected(policy.policy.rules, made)) &&
      sameJson(bare(others), bare(othersNow))
    return isSame ? undefined : 'the file is written in a way that is not changed here'
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return error.message
  }
}

/** The rules as they are to be. */
function expected(rules: readonly Rule[], made: readonly Made[]): Json[] {
  const proposedFor = (rule: number | 'none') => made.filter(({ proposal }) => proposal.rule === rule)
  const changed = rules.flatMap((rule, at) => {
    const all = proposedFor(at).map(({ proposal }) => ({ ...proposal, mode: proposal.advised }))
    const [whole] = all.filter((each) => isWhole(rule, each))
    const others = all.filter((each) => !isWhole(rule, each))
    const own = whole ? { ...rule, mode: whole.mode } : rule
    return [...others.map((each) => ({ ...rule, ...narrowed(rule, each) })), own]
  })
  const added = proposedFor('none').map(({ proposal }) =>
    narrowed(undefined, { ...proposal, mode: proposal.advised }),
  )
  return [...changed, ...added].map(asDecides)
}

/** What of a rule decides; who is who among the people is the policy's, and stands only where somebody may be asked. */
function asDecides({ when, mode, parameters, approval }: Pick<Rule, 'when' | 'mode'> & Partial<Rule>): Json {
  const { workspace: _, people: __, ...terms } = { ...DEFAULT_APPROVAL, ...approval }
  return { when: when ?? {}, mode, parameters: parameters ?? {}, approval: terms } as unknown as Json
}

/** Without the lines, which move. */
function bare(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'line' ? undefined : inner)))
}
