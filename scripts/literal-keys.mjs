// Lets esbuild drop the operations that nobody uses from the AWS clients: a schema key that is a constant of its own
// file is written out (`[_e]: 400` becomes `"error": 400`), which means the same. esbuild keeps every object that has a
// computed key (https://github.com/evanw/esbuild/issues/4373), and the clients came to have them with 3.930
// (https://github.com/aws/aws-sdk-js-v3/issues/7607; to go by https://github.com/smithy-lang/smithy-typescript/pull/1889).
// Without it all works as well, with an EC2 client of 1.1 MB instead of 50 kB. npm runs it after each install.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The text of a schema file with its constant keys written out. */
export function literalKeys(text) {
  const constants = new Map(
    [...text.matchAll(/^const (\w+) = ("\w+");$/gm)].map(([, name, value]) => [name, value]),
  )
  return text.replaceAll(/\[(\w+)\]:/g, (key, name) =>
    constants.has(name) ? `${constants.get(name)}:` : key,
  )
}

function rewriteClients() {
  const scope = new URL('../node_modules/@aws-sdk/', import.meta.url)
  if (!existsSync(scope)) return
  for (const name of readdirSync(scope)) {
    const file = new URL(`${name}/dist-es/schemas/schemas_0.js`, scope)
    if (!existsSync(file)) continue
    const text = readFileSync(file, 'utf8')
    const rewritten = literalKeys(text)
    if (rewritten !== text) writeFileSync(file, rewritten)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) rewriteClients()
