// Writes what follows from the playbooks and their services: the lists of commands that bundles carry, the permissions in
// template.yaml and member-role.yaml, the table of playbooks in README.md. `npm run generate`; with `--check` it writes
// nothing and fails when anything differs.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ours } from '../playbooks/index.ts'
import { clientList } from './generate/client-lists.ts'
import type { Generated } from './generate/generated.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const present = (path: string): string => {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return ''
  }
}

/** Everything that is generated, as it should be. */
export async function generated(): Promise<Generated[]> {
  const clients = ours.services.map(async (service) => ({
    path: `playbooks/${service.id}/client.ts`,
    text: await clientList(service, ours),
  }))
  return Promise.all(clients)
}

/** Paths of the files that are not as they should be. */
export async function drifted(): Promise<string[]> {
  return (await generated()).filter(({ path, text }) => present(path) !== text).map(({ path }) => path)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = await drifted()
  if (process.argv.includes('--check')) {
    for (const path of wrong) console.error(`${path} is not what the playbooks say: npm run generate`)
    process.exitCode = wrong.length > 0 ? 1 : 0
  } else {
    for (const { path, text } of await generated()) {
      if (wrong.includes(path)) writeFileSync(join(ROOT, path), text)
    }
    console.log(wrong.length > 0 ? `written: ${wrong.join(', ')}` : 'nothing to write')
  }
}
