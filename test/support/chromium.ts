import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { CHROMIUM, chromiumIsMissing } from '../../scripts/chromium-place.mjs'

/** Without the network it would look for updates all the time; as root there is no sandbox of its own. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Chromium {
  context: BrowserContext
  stop(): Promise<void>
}

/**
 * Debian's Chromium, headless, with a profile of its own that is gone afterwards.
 * @throws where there is no Chromium, saying how to install one
 */
export async function startChromium(options: BrowserContextOptions = {}): Promise<Chromium> {
  const missing = chromiumIsMissing()
  if (missing) throw new Error(missing)
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: ARGUMENTS,
    ...options,
  })
  return {
    context,
    async stop() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
