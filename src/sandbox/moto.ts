import { type Emulator, startEmulator } from './emulator.ts'
import type { VenvOptions } from './venv.ts'

/**
 * Starts moto (https://docs.getmoto.org/), which holds the resources, on a free loopback port, and waits until it
 * answers. Lifetime and errors: `startEmulator`.
 */
export async function startMoto(options: VenvOptions = {}): Promise<Emulator> {
  // With its default images it also owns 1,303 snapshots.
  const moto = await startEmulator(
    { launcher: 'moto-launcher.py', env: { MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' } },
    options,
  )
  await fetch(`${moto.url}/moto-api/`, { method: 'HEAD' })
  return moto
}

/**
 * Takes everything out of it.
 * @param url `http://127.0.0.1:PORT`
 * @throws Error where it does not say that this is done
 */
export async function emptyMoto(url: string): Promise<void> {
  const answer = await fetch(`${url}/moto-api/reset`, { method: 'POST' })
  if (!answer.ok)
    throw new Error(`the emulator was not emptied: status ${answer.status}, ${await answer.text()}`)
}
