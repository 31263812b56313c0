import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import { literalKeys } from '../../scripts/literal-keys.mjs'

const SCHEMA = `const _e = "error";
const _hE = "httpError";
const other = compute();
var n0 = "com.amazonaws.ec2";
export var Gone$ = [-3, n0, "Gone", { [_e]: \`client\`, [_hE]: 404 }, [], []];
export var Odd$ = { [other]: 1, [n0]: 2, list: [_e] };
`

describe('a schema of a client', () => {
  test('has its constant keys written out, and nothing else of it is touched', () => {
    expect(literalKeys(SCHEMA)).toBe(
      SCHEMA.replace('[_e]: `client`, [_hE]: 404', '"error": `client`, "httpError": 404'),
    )
  })

  test('is left alone once that is done', () => {
    expect(literalKeys(literalKeys(SCHEMA))).toBe(literalKeys(SCHEMA))
  })

  test.each(['client-ec2', 'client-ssm', 'client-wafv2', 'client-s3', 'client-sts', 'client-dynamodb'])(
    'of %s is installed that way, so that a bundle holds what is used of it',
    (name) => {
      const entry = createRequire(import.meta.url).resolve(`@aws-sdk/${name}`)
      const schemas = readFileSync(new URL('../dist-es/schemas/schemas_0.js', `file://${entry}`), 'utf8')
      expect(schemas.length).toBeGreaterThan(1000)
      expect(literalKeys(schemas) === schemas).toBe(true)
    },
  )
})
