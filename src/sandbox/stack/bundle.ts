import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { BuildOptions } from 'esbuild'
import { functionsOf, ROOT, readTemplate, type TemplateFunction } from './template.ts'

/** A built function: everything under `folder` goes into its package. */
export interface Bundle {
  /** Logical id in the template. */
  id: string
  folder: string
}

/** Functions that are built alike: what is under `folder` goes into the package of each. */
export interface SharedBundle {
  /** Logical ids in the template. */
  ids: string[]
  folder: string
}

/** Bundles every function of the template, as `sam build` would, into a folder of its own under `out`. */
export async function bundleFunctions(out: string): Promise<Bundle[]> {
  const bundles = await Promise.all(
    (await bundleAlike(out)).map(async ({ ids: [first, ...others], folder }) => [
      { id: first!, folder },
      ...(await Promise.all(others.map((id) => copied(folder, id)))),
    ]),
  )
  return bundles.flat()

  async function copied(built: string, id: string): Promise<Bundle> {
    const folder = join(out, id)
    await rm(folder, { recursive: true, force: true })
    await cp(built, folder, { recursive: true })
    return { id, folder }
  }
}

/** The same without the copies: functions that are built alike have one folder, named after the first of them. */
export async function bundleAlike(out: string): Promise<SharedBundle[]> {
  const { build } = await import('esbuild')
  return Promise.all(
    builtAlike(functionsOf(readTemplate())).map(async ([first, ...others]) => {
      const folder = join(out, first.id)
      await rm(folder, { recursive: true, force: true })
      await build(buildOptions(first, folder))
      return { ids: [first, ...others].map(({ id }) => id), folder }
    }),
  )
}

type Alike = [TemplateFunction, ...TemplateFunction[]]

/** SAM builds once what has the same handler and the same build properties, and copies what came out. */
function builtAlike(functions: TemplateFunction[]): Alike[] {
  const groups: Alike[] = []
  for (const one of functions) {
    const alike = groups.find(([first]) => isDeepStrictEqual({ ...first, id: one.id }, one))
    if (alike) alike.push(one)
    else groups.push([one])
  }
  return groups
}

/**
 * What SAM's build properties are in esbuild's own words
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html).
 * @throws for a property that is unknown here: a bundle that differs from SAM's would prove nothing
 */
export function buildOptions(
  { id, properties }: Omit<TemplateFunction, 'handler'>,
  outdir: string,
): BuildOptions {
  const options: BuildOptions = {
    absWorkingDir: ROOT,
    outdir,
    bundle: true,
    platform: 'node',
    logLevel: 'warning',
  }
  for (const [name, value] of Object.entries(properties)) {
    const translate = PROPERTIES[name]
    if (!translate)
      throw new Error(`template.yaml, ${id}: build property ${name} is not known to the sandbox`)
    Object.assign(options, translate(value))
  }
  return options
}

/** `[a=b, c=d]` */
const pairs = (value: unknown) =>
  Object.fromEntries(
    (value as string[]).map((pair) => [pair.split('=', 1)[0]!, pair.slice(pair.indexOf('=') + 1)]),
  )
const list = (value: unknown) => String(value).split(',')
const yes = (value: unknown) => String(value) === 'true'

const PROPERTIES: Record<string, (value: unknown) => object> = {
  EntryPoints: (value) => ({ entryPoints: value }),
  EntryNames: (value) => ({ entryNames: value }),
  Loader: (value) => ({ loader: pairs(value) }),
  Alias: (value) => ({ alias: pairs(value) }),
  Format: (value) => ({ format: value }),
  Target: (value) => ({ target: value }),
  OutExtension: (value) => ({ outExtension: pairs(value) }),
  MainFields: (value) => ({ mainFields: list(value) }),
  Conditions: (value) => ({ conditions: list(value) }),
  External: (value) => ({ external: value }),
  Splitting: (value) => ({ splitting: yes(value) }),
  Minify: (value) => ({ minify: yes(value) }),
  KeepNames: (value) => ({ keepNames: yes(value) }),
  sourcemap: (value) => ({ sourcemap: value }),
  SourcesContent: (value) => ({ sourcesContent: yes(value) }),
  LegalComments: (value) => ({ legalComments: value }),
  Banner: (value) => ({ banner: pairs(value) }),
  // How SAM installs packages before it builds: here they are installed.
  UseNpmCi: () => ({}),
}
