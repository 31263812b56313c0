// Bundles the functions of template.yaml into dist/, as `sam build` does, and says how large they came out.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleFunctions } from '../src/sandbox/stack/bundle.ts'

for (const { id, folder } of await bundleFunctions(fileURLToPath(new URL('../dist', import.meta.url)))) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const code = files.filter((file) => file.isFile() && file.name.endsWith('.mjs'))
  const sizes = await Promise.all(
    code.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  console.log(`${id}: ${code.length} files of code, ${Math.round(bytes / 1000)} kB in dist/${id}`)
}
