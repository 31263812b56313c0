import { readFile } from 'node:fs/promises'
import type { LoadHook, ResolveHook } from 'node:module'

/**
 * Hooks by which Node.js before 22.18 loads TypeScript of a user's, as later ones do by themselves; the npm package has
 * them as a file of its own, since they run on a thread of their own.
 */
export const resolve: ResolveHook = async (specifier, context, next) =>
  specifier === 'rectify/playbook'
    ? { url: new URL('./playbook.js', import.meta.url).href, shortCircuit: true }
    : next(specifier, context)

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const { transformSync } = await import('@swc/wasm-typescript')
  const { code } = transformSync(await readFile(new URL(url), 'utf8'), { mode: 'strip-only' })
  return { format: 'module', source: code, shortCircuit: true }
}
