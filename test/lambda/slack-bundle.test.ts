import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { build, type Metafile } from 'esbuild'
import { entrySize } from '../../bench/bundle-size.ts'
import { buildOptions } from '../../src/sandbox/stack/bundle.ts'
import { functionsOf, readTemplate } from '../../src/sandbox/stack/template.ts'

const ENTRY = 'src/lambda/slack.ts'

/** Slack gives three seconds, and whoever clicks first after a pause waits for all of this to be read. */
describe('the function of Slack, bundled', () => {
  let folder: string
  let bundle: Metafile

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rectify-slack-'))
    const options = buildOptions(functionsOf(readTemplate())[0]!, folder)
    bundle = (await build({ ...options, entryPoints: [ENTRY], metafile: true, write: false })).metafile
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('reads less than 150 kB, AWS clients aside, before it can answer', () => {
    expect(entrySize(bundle, ENTRY).own).toBeLessThan(150_000)
  })

  test('reads no playbook, no policy file, no machine, no client of Slack before it needs them', () => {
    const early = readEarly()
    expect(early.filter((file) => /^(playbooks|state-machines|src\/policy\/file)\//.test(file))).toEqual([])
    const packages = new Set(
      early.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
    )
    const late = ['zod', 'js-yaml', 'xstate', 'ipaddr.js', '@slack/web-api']
    expect(late.filter((name) => packages.has(name))).toEqual([])
    const clients = [...packages].filter((name) => name.startsWith('@aws-sdk/client-')).sort()
    expect(clients).toEqual(['@aws-sdk/client-dynamodb', '@aws-sdk/client-sqs', '@aws-sdk/client-ssm'])
  })

  /** What is in the chunks that the entry imports statically. */
  function readEarly(): string[] {
    const { outputs } = bundle
    const entry = Object.keys(outputs).find((file) => outputs[file]!.entryPoint === ENTRY)!
    const chunks = new Set([entry])
    for (const chunk of chunks) {
      for (const { kind, path, external } of outputs[chunk]!.imports)
        if (kind === 'import-statement' && !external) chunks.add(path)
    }
    return [...chunks].flatMap((chunk) =>
      Object.entries(outputs[chunk]!.inputs).flatMap(([file, { bytesInOutput }]) =>
        bytesInOutput > 0 ? [file] : [],
      ),
    )
  }
})
