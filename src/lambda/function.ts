import { createRequire } from 'node:module'
import type { Handler } from 'aws-lambda'

// CommonJS packages ask for Node's own modules by require(), which an ES module does not have. Said here, before a part is
// loaded, it holds for each file of the bundle: as a banner of every one it was 107 bytes and a call in each.
globalThis.require = createRequire(import.meta.url)

/**
 * What SAM is told to start, in all functions: it builds functions once when they are built alike and their handlers
 * have the same name (FunctionBuildDefinition in samcli/lib/build/build_graph.py), and installs once, therefore. Each
 * part stays a file of its own, and a function loads none but its own.
 */
const PARTS: Record<string, () => Promise<{ handler: Handler }>> = {
  intake: () => import('./intake.ts'),
  runner: () => import('./runner.ts'),
  sweeper: () => import('./sweeper.ts'),
  notifier: () => import('./notifier.ts'),
  slack: () => import('./slack.ts'),
  cards: () => import('./cards.ts'),
  writeback: () => import('./writeback.ts'),
}

async function handlerOf(name: string | undefined): Promise<Handler> {
  const load = Object.hasOwn(PARTS, name ?? '') && PARTS[name ?? '']
  if (!load) {
    const wrong = name ? `RECTIFY_FUNCTION is "${name}"` : 'RECTIFY_FUNCTION is not set'
    throw new Error(
      `${wrong}, not one of ${Object.keys(PARTS).join(', ')}: deploy this function with template.yaml`,
    )
  }
  return (await load()).handler
}

/** Waited for while the function starts: a part that cannot start fails there, as if it were started itself. */
export const handler = await handlerOf(process.env.RECTIFY_FUNCTION)
