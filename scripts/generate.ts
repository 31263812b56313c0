// Writes what follows from the playbooks and their services: their heads, the lists of commands that bundles carry, the
// permissions in template.yaml and member-role.yaml, a page per playbook, the tables of README.md and docs/coverage.md, the
// JSON Schemas of policies and of their tests in docs/schema.
// `npm run generate`; with `--check` it writes nothing and fails when anything differs.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ours } from '../playbooks/index.ts'
import { ORGANIZATION_NEEDS } from '../src/engine/account-places.ts'
import type { AnyPlaybook } from '../src/playbook/playbook.ts'
import { casesJsonSchema } from '../src/policy/cases/cases-json-schema.ts'
import { policyJsonSchema } from '../src/policy/file/json-schema.ts'
import { betweenMarkers } from './generate/between-markers.ts'
import { callPattern } from './generate/call-pattern.ts'
import { clientList } from './generate/client-lists.ts'
import { coveragePage } from './generate/coverage-table.ts'
import { headsFile } from './generate/heads.ts'
import { playbookPage } from './generate/playbook-page.ts'
import { playbookTable, sourceTable } from './generate/playbook-table.ts'
import { attachmentsYaml, policiesYaml } from './generate/policy-yaml.ts'
import { changePolicies, pseudo, readPolicies } from './generate/role-policies.ts'

/** Text that a program writes. */
interface Generated {
  /** From the root of the repository. */
  path: string
  /** Null: there is to be no such file. */
  text: string | null
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const present = (path: string): string => {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return ''
  }
}

/**
 * The roles of one account are good in its region, those of a member in every region that has a hub. Of the organisation
 * it is the hub that asks.
 */
const TEMPLATES = [
  { path: 'template.yaml', region: pseudo('Region'), organization: ORGANIZATION_NEEDS },
  { path: 'member-role.yaml', region: '*', organization: [] },
]

/** A file in which people write the rest. */
function withRoles({ path, region, organization }: (typeof TEMPLATES)[number]): {
  path: string
  text: string
} {
  const where = { partition: pseudo('Partition'), region, account: pseudo('AccountId') }
  const [reads, changes] = [readPolicies(ours, where, organization), changePolicies(ours, where)]
  const parts = {
    'policies of ReadRole': policiesYaml(reads, 'look at in'),
    'policies of ChangeRole': policiesYaml(changes, 'may change in'),
    'attachments of ReadRole': attachmentsYaml(reads),
    'attachments of ChangeRole': attachmentsYaml(changes),
  }
  const text = Object.entries(parts).reduce(
    (so, [name, content]) => betweenMarkers(so, name, content, path),
    present(path),
  )
  return { path, text }
}

/** A playbook without the case that its page shows; the message says which file it is to be written in. */
class NoCase extends Error {
  constructor({ id, kind }: Pick<AnyPlaybook, 'id' | 'kind'>) {
    const place = `test/playbooks/${id.replace('-', '/')}`
    const file = kind === 'advice' ? `${place}.advice.ts` : `${place}.table.ts`
    const scene = kind === 'playbook' ? ', or a scene in test/engine/scene-per-playbook.ts' : ''
    super(
      `${id} has no case for its page: write ${file}${scene} (CONTRIBUTING.md, "A new playbook"), and again: npm run generate`,
    )
  }
}

/**
 * A page per playbook.
 * @throws NoCase
 */
async function pages(): Promise<Generated[]> {
  const written: Generated[] = []
  // Loaded when the heads are right: by them the cases find their playbooks.
  const { caseOf } = await import('../test/support/case-per-playbook.ts')
  // One after the other: the ids of the simulated world are counted.
  for (const playbook of ours.playbooks) {
    const run = await caseOf(playbook.id)
    if (!run) throw new NoCase(playbook)
    written.push({ path: `docs/playbooks/${playbook.id}.md`, text: playbookPage(playbook, run) })
  }
  return written
}

/** Pages whose playbook is there no more: a page tells nobody of what cannot be had. */
export function strayPages(files: readonly string[], ids: readonly string[]): string[] {
  return files.filter((file) => file.endsWith('.md') && !ids.includes(file.slice(0, -'.md'.length)))
}

function strayFiles(): Generated[] {
  const folder = 'docs/playbooks'
  const ids = ours.playbooks.map(({ id }) => id)
  return strayPages(readdirSync(join(ROOT, folder)), ids).map((file) => ({
    path: `${folder}/${file}`,
    text: null,
  }))
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Everything that is generated, as it should be. */
async function generated(): Promise<Generated[]> {
  const clients = ours.services.map(async (service) => ({
    path: `playbooks/${service.id}/client.ts`,
    text: await clientList(service, ours),
  }))
  const tables = {
    'table of playbooks': playbookTable(ours.playbooks),
    'table of detectors': sourceTable(ours.playbooks),
  }
  const calls = (path: string, text: string): Generated => ({
    path,
    text: betweenMarkers(text, 'calls of CloudTrail', callPattern(ours.playbooks), path),
  })
  const bus = 'docs/member-bus.yaml'
  return [
    ...(await Promise.all(clients)),
    ...(await pages()),
    ...strayFiles(),
    { path: 'docs/coverage.md', text: coveragePage(ours.playbooks) },
    { path: 'docs/schema/rectify.schema.json', text: jsonText(policyJsonSchema(ours.playbooks)) },
    { path: 'docs/schema/rectify.test.schema.json', text: jsonText(casesJsonSchema(ours.playbooks)) },
    ...TEMPLATES.map((each) => {
      const roles = withRoles(each)
      return each.path === 'template.yaml' ? calls(each.path, roles.text) : roles
    }),
    calls(bus, present(bus)),
    {
      path: 'README.md',
      text: Object.entries(tables).reduce(
        (so, [name, content]) => betweenMarkers(so, name, content, 'README.md'),
        present('README.md'),
      ),
    },
  ]
}

const isWrong = ({ path, text }: Generated): boolean =>
  text === null ? existsSync(join(ROOT, path)) : present(path) !== text

/**
 * The files that are not as they should be, as they should: the heads alone while they are not.
 * @param write writes heads that are wrong, and goes on
 */
export async function drifted(write: (file: Generated) => boolean = () => false): Promise<Generated[]> {
  const heads = { path: 'playbooks/heads.ts', text: await headsFile(ours.playbooks) }
  const wrongHeads = isWrong(heads) ? [heads] : []
  if (wrongHeads.length > 0 && !write(heads)) return wrongHeads
  return [...wrongHeads, ...(await generated()).filter(isWrong)]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isCheck = process.argv.includes('--check')
  const put = ({ path, text }: Generated): true => {
    if (text === null) rmSync(join(ROOT, path))
    else writeFileSync(join(ROOT, path), text)
    return true
  }
  const wrong = await drifted((heads) => !isCheck && put(heads)).catch((error: unknown) => {
    if (!(error instanceof NoCase)) throw error
    console.error(error.message)
    process.exit(1)
  })
  if (isCheck) {
    for (const { path } of wrong) console.error(`${path} is not what the playbooks say: npm run generate`)
    process.exitCode = wrong.length > 0 ? 1 : 0
  } else {
    for (const file of wrong) put(file)
    console.log(
      wrong.length > 0 ? `written: ${wrong.map(({ path }) => path).join(', ')}` : 'nothing to write',
    )
  }
}
