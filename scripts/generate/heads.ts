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
  const lines = playbooks.map((playbook) => {
    const place = places.get(playbook)
    if (!place) throw new Error(`${playbook.id} is exported by no file of playbooks/<service>/`)
    const named = `${playbook.id.replace('-', '/')}.ts`
    if (place.file !== named)
      throw new Error(
        `playbooks/${place.file} holds ${playbook.id}: by its id the file is playbooks/${named}`,
      )
    const fields = HEAD.flatMap((name) =>
      playbook[name] === undefined ? [] : [`${name}: ${literal(playbook[name])}`],
    )
    const load = `load: () => import('./${place.file}').then(({ ${place.name} }) => ${place.name})`
    return `  { ${[...fields, load].join(', ')} },\n`
  })
  const text = lines.join('')
  return `// biome-ignore-all format: a line is a playbook
// Written by \`npm run generate\` from the playbooks of index.ts.
${importsFor(text)}import type { LatePlaybook } from '../src/playbook/service/known-playbook.ts'

/** The heads of all playbooks that Rectify knows: so a start reads none of the rest, however many there are. */
export const heads: readonly LatePlaybook[] = [
${text}]
`
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
