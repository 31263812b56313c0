import type { BuildOptions, Metafile } from 'esbuild'
import { buildOptions } from '../src/sandbox/stack/bundle.ts'
import { functionsOf, readTemplate } from '../src/sandbox/stack/template.ts'

/** Bundles the runner into a folder by the build properties of the template, as the stack is built. */
export async function bundleRunner(folder: string): Promise<Metafile> {
  const { build } = await import('esbuild')
  const described = functionsOf(readTemplate()).find(({ id }) => id === 'RunnerFunction')
  if (!described) throw new Error('template.yaml has no RunnerFunction that esbuild builds')
  const options: BuildOptions = buildOptions(described, folder)
  return (await build({ ...options, metafile: true })).metafile
}
