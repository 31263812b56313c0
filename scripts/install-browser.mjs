// Tests look at the pages of the sandbox in Debian's Chromium. Where it is missing it is installed, if this machine lets
// us; else it is said how, and the tests of pages fail.
import { spawnSync } from 'node:child_process'
import { chromiumIsMissing } from './chromium-place.mjs'

const missing = chromiumIsMissing()
if (missing) {
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  const isRoot = process.getuid?.() === 0
  if (isRoot) console.error('Installing Chromium for the tests of pages (once) ...')
  if (!isRoot || !apt('update') || !apt('install', '-y', '--no-install-recommends', 'chromium'))
    console.error(`The tests that look at pages will fail: ${missing}.`)
}
