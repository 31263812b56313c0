// Lets esbuild drop from js-yaml what nobody uses of it: YAML 1.1, and how YAML is written. A value that is made by a call, or
// of another's parts, is kept however unused it is, because to make it might do something else as well
// (https://esbuild.github.io/api/#tree-shaking); each is made in a call that says it does not. A policy is read by every
// function that starts, and a quarter of the parser was such values. Without it all works as well. npm runs it after each
// install.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A variable of the module with its value, up to the line by which that is closed. */
const VARIABLE = /^var ([\w$]+) = (.*;|[\s\S]*?\n[\])}]+;)$/gm
/** What esbuild drops by itself: text, patterns, numbers, classes, and calls that are marked already. */
const DROPPED = /^(?:["'/]|-?\d|class\b)/

/** The text of a module whose variables do nothing but hold their values. */
export function unusedValues(text) {
  return text.replace(VARIABLE, (variable, name, value) => {
    if (DROPPED.test(value) || !/[(.`]/.test(value)) return variable
    return `var ${name} = /* @__PURE__ */ (() => (${value.slice(0, -1)}))();`
  })
}

function rewriteParser() {
  const file = new URL('../node_modules/js-yaml/dist/js-yaml.mjs', import.meta.url)
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  const rewritten = unusedValues(text)
  if (rewritten !== text) writeFileSync(file, rewritten)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) rewriteParser()
