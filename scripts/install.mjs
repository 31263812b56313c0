// Installs the locked dependencies once, and again whenever the lock changes. Needs no network otherwise.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('..', import.meta.url)
const lock = createHash('sha256')
  .update(readFileSync(new URL('package-lock.json', root)))
  .digest('hex')
const marker = new URL('node_modules/.installed-lock', root)

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) {
  console.error('Installing dependencies (once; about half a minute) ...')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('npm ci failed. Check the network and the npm registry, then run the same command again.')
    process.exit(1)
  }
  writeFileSync(marker, lock)
}
