import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Document, parseDocument } from 'yaml'

/** The root of the repository, where `template.yaml` and `rectify.yaml` lie. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** A function of the template, and how SAM is told to build it. */
export interface TemplateFunction {
  /** Its logical id. */
  id: string
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
    Resources: Record<string, { Metadata?: { BuildMethod?: string; BuildProperties?: object } }>
  }
  return Object.entries(Resources).flatMap(([id, { Metadata }]) =>
    Metadata?.BuildMethod === 'esbuild' ? [{ id, properties: { ...Metadata.BuildProperties } }] : [],
  )
}

/** The template with the functions' code in a bucket, as `sam package` writes it; nothing else is changed. */
export function packaged(template: Document, code: Map<string, string>): string {
  const copy = template.clone() as Document
  for (const [id, uri] of code) copy.setIn(['Resources', id, 'Properties', 'CodeUri'], uri)
  return copy.toString({ lineWidth: 0 })
}
