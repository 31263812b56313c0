import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import * as yaml from 'js-yaml'
import { unusedValues } from '../../scripts/unused-values.mjs'

const PARSER = fileURLToPath(import.meta.resolve('js-yaml'))

const MODULE = `var PLAIN = "text";
var marked = /* @__PURE__ */ new RegExp("x");
var Kind = class Kind {
  static of() { return new Kind(); }
};
var list = [
  "a",
  "b"
];
var tag = define("a", {
  resolve: (text) => text
});
var both = [...list, tag.name];
function define(name, more) {
  var inner = more.resolve(name);
  return { name: inner };
}
export { both, tag };
`

describe('a module whose variables only hold their values', () => {
  test('makes those in calls that may be dropped which esbuild would keep, and is the same otherwise', () => {
    const rewritten = unusedValues(MODULE)
    expect(rewritten).toBe(
      MODULE.replace(/define\("a", \{[^}]*\}\)/, (value) => `/* @__PURE__ */ (() => (${value}))()`).replace(
        '[...list, tag.name]',
        '/* @__PURE__ */ (() => ([...list, tag.name]))()',
      ),
    )
    expect(unusedValues(rewritten)).toBe(rewritten)
  })

  test('leaves none of them in a bundle of something else', async () => {
    const contents = `${unusedValues(MODULE)}export const other = 1`
    const { outputFiles } = await build({
      stdin: { contents: `import { other } from 'module'; console.log(other)` },
      plugins: [
        {
          name: 'module',
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /^module$/ }, () => ({ path: 'module', namespace: 'given' }))
            onLoad({ filter: /./, namespace: 'given' }, () => ({ contents }))
          },
        },
      ],
      bundle: true,
      format: 'esm',
      write: false,
    })
    expect(outputFiles[0]!.text).toContain('other')
    expect(outputFiles[0]!.text).not.toMatch(/define|list|tag/)
  })
})

describe('the parser of the policy', () => {
  test('is installed that way (`npm run prepare` makes it so)', () => {
    const text = readFileSync(PARSER, 'utf8')
    expect(text.includes('@__PURE__ */ (() => (new Schema(')).toBe(true)
    expect(unusedValues(text) === text).toBe(true)
  })

  test('reads as it did', () => {
    expect(yaml.load('a: [1, 0x10, yes, ~, "b"]\nc: &x { d: 1.5 }\ne: *x')).toEqual({
      a: [1, 16, 'yes', null, 'b'],
      c: { d: 1.5 },
      e: { d: 1.5 },
    })
    expect(yaml.load('on: off', { schema: yaml.YAML11_SCHEMA })).toEqual({ true: false })
    expect(yaml.dump({ a: ['x', 'yes'], b: null })).toBe("a:\n  - x\n  - 'yes'\nb: null\n")
  })
})
