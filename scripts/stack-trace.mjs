// Names the places of a stack trace from a function's log: `npm run -s stack-trace < TRACE [FOLDER]`. The bundle is minified
// and its maps lie beside it, but the functions do not read them: that would cost a quarter of each cold start.
import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const [folder = '.aws-sam/build/RunnerFunction'] = process.argv.slice(2)
if (!existsSync(folder)) {
  console.error(
    `${folder} is not there: run sam build on the version that is deployed, or name the folder of its bundle`,
  )
  process.exit(2)
}

/** `chunk-ABC.mjs:5:1234` as `src/engine/drive/loop.ts:40:12`; what has no map stays as it is. */
function placeOf(name, line, column) {
  const file = join(folder, `${name}.map`)
  if (!existsSync(file)) return undefined
  const entry = new SourceMap(JSON.parse(readFileSync(file, 'utf8'))).findEntry(line - 1, column - 1)
  if (entry.originalSource === undefined) return undefined
  const source = entry.originalSource.replace(/^(\.\.\/)+/, '')
  return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
}

const trace = await text(process.stdin)
const named = trace.replace(
  /(?:file:\/\/)?[\w./-]*?([\w-]+\.mjs):(\d+):(\d+)/g,
  (whole, name, line, column) => {
    return placeOf(name, Number(line), Number(column)) ?? whole
  },
)
process.stdout.write(named)
