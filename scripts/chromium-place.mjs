import { existsSync } from 'node:fs'

/** Debian's Chromium, by which pages of the sandbox are looked at, or another. */
export const CHROMIUM = process.env.RECTIFY_CHROMIUM ?? '/usr/bin/chromium'

/** That there is none, and how to come by one; undefined where it is there. */
export function chromiumIsMissing() {
  if (existsSync(CHROMIUM)) return undefined
  return `there is no Chromium at ${CHROMIUM}: "sudo apt-get install chromium" installs Debian's; RECTIFY_CHROMIUM names one that is elsewhere`
}
