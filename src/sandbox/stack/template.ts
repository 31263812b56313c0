import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Document, type Node, parseDocument, visit } from 'yaml'

/** The root of the repository, where `template.yaml` and `rectify.yaml` lie. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** A function of the template, and how SAM is told to build it. */
export interface TemplateFunction {
  /** Its logical id. */
  id: string
  handler: string
  properties: Record<string, unknown>
}

/** `template.yaml`, with CloudFormation's own tags (`!Ref`, `!Sub` ...) left as they are. */
export function readTemplate(): Document {
  const text = readFileSync(new URL('../../../template.yaml', import.meta.url), 'utf8')
  const template = parseDocument(text, { logLevel: 'silent' })
  if (template.errors.length > 0) throw template.errors[0]!
  return template
}

/** The functions that SAM builds with esbuild; `properties` are their `BuildProperties`. */
export function functionsOf(template: Document): TemplateFunction[] {
  const { Resources } = template.toJS() as {
    Resources: Record<
      string,
      { Metadata?: { BuildMethod?: string; BuildProperties?: object }; Properties: { Handler: string } }
    >
  }
  return Object.entries(Resources).flatMap(([id, { Metadata, Properties }]) =>
    Metadata?.BuildMethod === 'esbuild'
      ? [{ id, handler: Properties.Handler, properties: { ...Metadata.BuildProperties } }]
      : [],
  )
}

/** The same without YAML's aliases, which CloudFormation does not read: `sam build` writes them out as well. */
export function writtenOut(template: Document): Document {
  const copy = template.clone() as Document
  visit(copy, { Alias: (_, alias) => alias.resolve(copy)!.clone() as Node })
  visit(copy, { Collection: (_, node) => void delete node.anchor })
  return copy
}

/** The template with the functions' code in a bucket, as `sam package` writes it; nothing else is changed. */
export function packaged(template: Document, code: Map<string, string>): string {
  const copy = writtenOut(template)
  for (const [id, uri] of code) copy.setIn(['Resources', id, 'Properties', 'CodeUri'], uri)
  return copy.toString({ lineWidth: 0 })
}
