import type { Metafile } from 'esbuild'

/** Bytes that are read before the function can take its first message; what it loads on demand is not among them. */
export interface BundleSize {
  all: number
  /** AWS clients: the SDK, of whatever service, with what it stands on. */
  aws: number
  /** What is left: the target is for this. */
  own: number
  /** Packages and folders of `own` with their bytes, the largest first. */
  parts: [name: string, bytes: number][]
}

const AWS = /^@(aws-sdk|smithy|aws)\//

/** The chunk of an entry point together with all that it imports statically, by esbuild's own account. */
export function entrySize({ inputs: modules, outputs }: Metafile, entryPoint: string): BundleSize {
  const ofAws = awsPackages(modules)
  const size = { all: 0, aws: 0 }
  const parts = new Map<string, number>()
  for (const file of withStaticImports(outputs, entryPoint)) {
    const { bytes, inputs } = outputs[file]!
    size.all += bytes
    for (const [source, { bytesInOutput }] of Object.entries(inputs)) {
      const name = partOf(source)
      if (ofAws.has(name)) size.aws += bytesInOutput
      else parts.set(name, (parts.get(name) ?? 0) + bytesInOutput)
    }
  }
  return { ...size, own: size.all - size.aws, parts: [...parts].sort(([, a], [, b]) => b - a) }
}

/** The SDK's packages, and those that nobody else imports. */
function awsPackages(modules: Metafile['inputs']): Set<string> {
  const importers = new Map<string, Set<string>>()
  for (const [source, { imports }] of Object.entries(modules)) {
    for (const { path, external } of imports) {
      const [from, to] = [partOf(source), partOf(path)]
      if (!external && from !== to) importers.set(to, (importers.get(to) ?? new Set()).add(from))
    }
  }
  const found = new Set(
    Object.keys(modules)
      .map(partOf)
      .filter((name) => AWS.test(name)),
  )
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const [name, by] of importers) if ([...by].every((one) => found.has(one))) found.add(name)
  }
  return found
}

/** The file of an entry point, and all files that it imports statically, however far away. */
export function withStaticImports(outputs: Metafile['outputs'], entryPoint: string): Set<string> {
  const entry = Object.keys(outputs).find((file) => outputs[file]!.entryPoint === entryPoint)
  if (entry === undefined) throw new Error(`${entryPoint} is not an entry point of the bundle`)
  const files = new Set([entry])
  // A set also walks what is added to it on the way.
  for (const file of files) {
    for (const { kind, path, external } of outputs[file]!.imports) {
      if (kind === 'import-statement' && !external) files.add(path)
    }
  }
  return files
}

/** 'node_modules/@smithy/core/dist/x.js' → '@smithy/core', 'src/engine/effects/change.ts' → 'src/engine' */
function partOf(source: string): string {
  const [, name] = source.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? []
  return name ?? source.split('/').slice(0, 2).join('/')
}
