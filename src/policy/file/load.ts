import { type KnownPlaybook, loaded } from '../../playbook/service/known-playbook.ts'
import type { ApprovalTerms, PolicyVersion } from '../../run/run.ts'
import { mayAsk } from '../approvers.ts'
import { explain } from '../explain.ts'
import { refusing } from '../refusing.ts'
import type { Freeze, Policy, PolicyFromFile } from '../rules.ts'
import { contentHash } from '../versions/policy-version.ts'
import { namesAddresses, setsParameters } from './asked-before.ts'
import { readBytes, textIn } from './find.ts'
import { ownFolderIn } from './own-folder.ts'
import { PolicyError } from './policy-error.ts'
import { onOneLine } from './rule-text.ts'
import { policySchema } from './schema.ts'
import type { ReadRange } from './sections/never-schema.ts'
import { whoDecidesIssues } from './who-decides.ts'
import { readYaml, type YamlText } from './yaml.ts'

export { PolicyError } from './policy-error.ts'

/** Reads and checks a policy file. Throws `PolicyError`, also for a file that cannot be read. */
export async function loadPolicy(file: string, playbooks: readonly KnownPlaybook[]): Promise<PolicyFromFile> {
  return (await loadWrittenPolicy(file, playbooks)).policy
}

/** The same, with what the file holds: its text is without a byte order mark. */
export async function loadWrittenPolicy(
  file: string,
  playbooks: readonly KnownPlaybook[],
): Promise<{ policy: PolicyFromFile; bytes: Uint8Array; text: string }> {
  const bytes = readBytes(file, file)
  const text = textIn(bytes, file)
  const policy = await checkedPolicy(text, file, playbooks)
  return { policy: { ...policy, version: { sha256: contentHash(bytes) } }, bytes, text }
}

/** What a deployed policy is called: whoever reads of it has no file to look into. */
const DEPLOYED = 'the deployed policy'

/**
 * The same for the policy in the bundle of a function. Its problems and its rules are told without the file.
 * @param ownFolder the folder whose playbooks are in the bundle, as the policy names it
 */
export async function loadDeployedPolicy(
  file: string,
  playbooks: readonly KnownPlaybook[],
  ownFolder?: string,
): Promise<PolicyFromFile> {
  const bytes = readBytes(file, DEPLOYED)
  const text = textIn(bytes, DEPLOYED)
  return deployedPolicy({ file, text, version: { sha256: contentHash(bytes) } }, playbooks, ownFolder)
}

/** The same for a text that a function has read elsewhere. */
export async function deployedPolicy(
  { file, text, version }: { file: string; text: string; version: PolicyVersion },
  playbooks: readonly KnownPlaybook[],
  ownFolder?: string,
): Promise<PolicyFromFile> {
  refuseUnbundled(text, ownFolder)
  return { ...(await checkedPolicy(text, DEPLOYED, playbooks)), file, deployed: true, version }
}

/** Before rules that name its playbooks are refused for being about none. */
function refuseUnbundled(text: string, ownFolder: string | undefined): void {
  const named = ownFolderIn(text, DEPLOYED)
  if (named === undefined || named === ownFolder) return
  const advice =
    'name it in the rectify.yaml beside template.yaml, run `npm run own-playbooks` and build again'
  const message = `the functions were built without ${named}: ${advice}`
  throw new PolicyError(DEPLOYED, [{ key: 'playbooks', message }])
}

/** The same as `parsePolicy`, with what is loaded late: playbooks whose parameters its rules set, and what reads addresses. */
export async function checkedPolicy(
  text: string,
  file: string,
  playbooks: readonly KnownPlaybook[],
): Promise<PolicyFromFile> {
  const yaml = readYaml(text, file)
  const asked = setsParameters(yaml.value)
  const ready = playbooks.map((each) => (asked(each.id) ? loaded(each) : each))
  const readRange = namesAddresses(yaml.value)
    ? (await import('../address-range.ts')).addressRange
    : undefined
  return policyIn(yaml, file, await Promise.all(ready), readRange)
}

/**
 * Checks the text of a policy file and brings it into one form. Pure.
 * @param playbooks those whose parameters a rule sets are loaded
 * @param readRange for a file that names addresses: `addressRange`
 * @throws PolicyError with all that is wrong
 */
export function parsePolicy(
  text: string,
  file: string,
  playbooks: readonly KnownPlaybook[],
  readRange?: ReadRange,
): PolicyFromFile {
  return policyIn(readYaml(text, file), file, playbooks, readRange)
}

function policyIn(
  { value, lineOf }: YamlText,
  file: string,
  playbooks: readonly KnownPlaybook[],
  readRange: ReadRange | undefined,
): PolicyFromFile {
  refuseEndless(value, file)
  const schema = policySchema(playbooks, readRange)
  const { data, error } = schema.safeParse(value, { reportInput: true })
  if (error) throw refusing(explain(schema, error.issues), file, lineOf)
  const wrong = whoDecidesIssues(data)
  if (wrong.length > 0) throw refusing(wrong, file, lineOf)
  const { version, rules, exemptions, freezes, limits, never, configRules, tell, ...more } = data
  const { tagsOf, advise, slack, people, protect } = more
  const placed = rules.map(({ parameters = {}, approval, ...rule }, index) => ({
    ...rule,
    parameters,
    approval: mayAsk(rule.mode) ? { ...approval, ...whoIsWho(data) } : approval,
    line: lineOf(['rules', index]),
    text: onOneLine((value as { rules: unknown[] }).rules[index]),
  }))
  const exempted = exemptions.map((each, index) => ({ ...each, line: lineOf(['exemptions', index]) }))
  const policy: Policy = {
    version,
    rules: placed,
    exemptions: exempted,
    freezes: freezes.map((each, index): Freeze => ({ ...each, line: lineOf(['freezes', index]) })),
    limits,
    never,
    configRules,
    tell,
    ...(tagsOf && tagsOf.length > 1 && { tagsOf }),
    ...(advise && { advise }),
    ...(slack && { slack }),
    ...(people && { people }),
    ...(protect && { protect }),
  }
  return { kind: 'file', file, policy }
}

/** Entries of a section. Each rule is held against all before it, which takes as long as anybody waits. */
const MOST_ENTRIES = { rules: 5_000, exemptions: 20_000, freezes: 1_000 }

function refuseEndless(value: unknown, file: string): void {
  for (const [key, most] of Object.entries(MOST_ENTRIES)) {
    const section = (value as Record<string, unknown>)[key]
    if (!Array.isArray(section) || section.length <= most) continue
    throw new PolicyError(file, [
      { key, message: `has ${section.length} entries, and at most ${most} are read` },
    ])
  }
}

/** What terms carry, so that whoever hears a decision needs no policy file. */
function whoIsWho({ slack, people }: Pick<Policy, 'slack' | 'people'>): Partial<ApprovalTerms> {
  return { ...(slack && { workspace: slack.workspace }), ...(people?.length && { people }) }
}
