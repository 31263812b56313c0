import { describe, expect, test } from '@jest/globals'
import type { Metafile } from 'esbuild'
import { entrySize } from '../../bench/bundle-size.ts'

const output = (
  bytes: number,
  inputs: Record<string, number>,
  imports: [string, 'static' | 'lazy'][] = [],
) => ({
  bytes,
  inputs: Object.fromEntries(Object.entries(inputs).map(([source, n]) => [source, { bytesInOutput: n }])),
  imports: imports.map(([path, how]) => ({
    path,
    kind: how === 'static' ? ('import-statement' as const) : ('dynamic-import' as const),
  })),
  exports: [],
})

const module = (...imports: string[]) => ({
  bytes: 1,
  imports: imports.map((path) => ({ path, kind: 'import-statement' as const })),
})

const metafile: Metafile = {
  inputs: {
    'src/lambda/runner.ts': module('src/lambda/dispatch.ts', 'node_modules/yaml/dist/x.js'),
    'src/lambda/dispatch.ts': module('node_modules/@smithy/core/index.js'),
    'node_modules/yaml/dist/x.js': module('node_modules/shared/x.js'),
    'node_modules/@smithy/core/index.js': module('node_modules/shared/x.js', 'node_modules/lru/x.js'),
    'node_modules/lru/x.js': module('node_modules/iterators/x.js'),
    'node_modules/iterators/x.js': module(),
    'node_modules/shared/x.js': module(),
    'node_modules/@aws-sdk/client-ec2/index.js': module(),
  },
  outputs: {
    'out/runner.mjs': {
      ...output(
        100,
        { 'src/lambda/runner.ts': 30, 'src/lambda/dispatch.ts': 20, 'node_modules/yaml/dist/x.js': 40 },
        [
          ['out/shared.mjs', 'static'],
          ['out/ec2.mjs', 'lazy'],
        ],
      ),
      entryPoint: 'src/lambda/runner.ts',
    },
    'out/shared.mjs': output(70, { 'node_modules/@smithy/core/index.js': 60 }, [
      ['out/runner.mjs', 'static'],
    ]),
    'out/ec2.mjs': output(1000, { 'node_modules/@aws-sdk/client-ec2/index.js': 1000 }),
  },
}

describe('the size of an entry chunk', () => {
  test('counts what is imported statically, however far away, and nothing that is loaded on demand', () => {
    expect(entrySize(metafile, 'src/lambda/runner.ts')).toMatchObject({ all: 170, aws: 60, own: 110 })
  })

  test('counts with AWS what only AWS stands on, however deep, and nothing that we use ourselves', () => {
    const shared = {
      'node_modules/lru/x.js': 5,
      'node_modules/iterators/x.js': 3,
      'node_modules/shared/x.js': 4,
    }
    const outputs = {
      ...metafile.outputs,
      'out/shared.mjs': output(82, { 'node_modules/@smithy/core/index.js': 60, ...shared }),
    }
    expect(entrySize({ ...metafile, outputs }, 'src/lambda/runner.ts')).toMatchObject({ all: 182, aws: 68 })
  })

  test('names packages and folders, the largest first', () => {
    expect(entrySize(metafile, 'src/lambda/runner.ts').parts).toEqual([
      ['src/lambda', 50],
      ['yaml', 40],
    ])
  })

  test('is not that of a file which is no entry point', () => {
    expect(() => entrySize(metafile, 'src/lambda/dispatch.ts')).toThrow('not an entry point')
  })
})
