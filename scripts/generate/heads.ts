import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { HEAD } from '../../src/playbook/service/known-playbook.ts'
import { importsFor, literal } from './literal.ts'

const FOLDER = fileURLToPath(new URL('../../playbooks', import.meta.url))

/** `playbooks/heads.ts`: the heads of the playbooks, a line each, and what loads the rest. */
export async function headsFile(playbooks: readonly AnyPlaybook[]): Promise<string> {
  const places = await placesOf(playbooks)
  const common = saidInCommon(playbooks)
  const lines = playbooks.map((playbook) => {
    const place = places.get(playbook)
    if (!place) throw new Error(`${playbook.id} is exported by no file of playbooks/<service>/`)
    const named = `${playbook.id.replace('-', '/')}.ts`
    if (place.file !== named)
      throw new Error(
        `playbooks/${place.file} holds ${playbook.id}: by its id the file is playbooks/${named}`,
      )
    const fields = common.reduce(
      (so, { text, name }) => so.replace(text, `...${name}`),
      fieldsOf(playbook, HEAD),
    )
    const load = `load: () => import('./${place.file}').then(({ ${place.name} }) => ${place.name})`
    return `  { ${fields}, ${load} },\n`
  })
  const constants = common.map(({ text, name }) => `const ${name} = { ${text} }\n`).join('')
  const text = lines.join('')
  return `// biome-ignore-all format: a line is a playbook
// Written by \`npm run generate\` from the playbooks of index.ts.
${importsFor(constants + text)}import type { LatePlaybook } from '../src/playbook/service/known-playbook.ts'

// What several say alike of their resources, once: a cold start reads all of it.
${constants}
/** The heads of all playbooks that Rectify knows: so a start reads none of the rest, however many there are. */
export const heads: readonly LatePlaybook[] = [
${text}]
`
}

/** Fields of a head as they are written, one after the other; those that it has. */
function fieldsOf(playbook: AnyPlaybook, names: readonly (typeof HEAD)[number][]): string {
  const given = names.filter((name) => playbook[name] !== undefined)
  return given.map((name) => `${name}: ${literal(playbook[name])}`).join(', ')
}

interface Common {
  text: string
  /** Of the constant: `rdsDBInstance`. */
  name: string
}

const FORM = ['resource', 'ids', 'arn', 'alsoNamed'] as const
const FOR_PEOPLE = ['nameOf', 'tagsOf'] as const

/**
 * What more than one playbook says of its resource: all of how it is named, with what people call it where all of them
 * call it that; else what its ids look like.
 */
function saidInCommon(playbooks: readonly AnyPlaybook[]): Common[] {
  const formOf = (playbook: AnyPlaybook) => {
    const form = fieldsOf(playbook, FORM)
    const alike = playbooks.filter((each) => fieldsOf(each, FORM) === form)
    const whole = alike.map((each) => fieldsOf(each, [...FORM, ...FOR_PEOPLE]))
    return whole.every((text) => text === whole[0]) ? whole[0]! : form
  }
  const idsOf = (playbook: AnyPlaybook) => fieldsOf(playbook, ['resource', 'ids'])
  const forms = repeated(playbooks, formOf)
  const others = playbooks.filter((playbook) => !forms.has(formOf(playbook)))
  const names = new Set<string>()
  return [...forms, ...repeated(others, idsOf)].map(([text, { resource }]) => {
    const [, service = '', kind = ''] = /^AWS::(.*)::(.*)$/.exec(resource) ?? []
    const plain = service === '' ? kind.toLowerCase() : `${service.toLowerCase()}${kind}`
    let name = plain
    for (let n = 2; names.has(name); n++) name = `${plain}${n}`
    names.add(name)
    return { text, name }
  })
}

/** The texts that several playbooks give, each with the first of them. */
function repeated(
  playbooks: readonly AnyPlaybook[],
  textOf: (playbook: AnyPlaybook) => string,
): Map<string, AnyPlaybook> {
  const first = new Map<string, AnyPlaybook>()
  const found = new Map<string, AnyPlaybook>()
  for (const playbook of playbooks) {
    const text = textOf(playbook)
    const other = first.get(text)
    if (other) found.set(text, other)
    else first.set(text, playbook)
  }
  return found
}

/** The file and the name by which each playbook is exported. */
async function placesOf(
  playbooks: readonly AnyPlaybook[],
): Promise<Map<unknown, { file: string; name: string }>> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[^/]+\/[^/]+\.ts$/.test(file) && !file.endsWith('/client.ts'))
    .sort()
  const places = new Map<unknown, { file: string; name: string }>()
  for (const file of files) {
    const module: Record<string, unknown> = await import(pathToFileURL(join(FOLDER, file)).href)
    for (const [name, value] of Object.entries(module))
      if (playbooks.some((each) => each === value)) places.set(value, { file, name })
  }
  return places
}
