import { expect, test } from '@jest/globals'
import { loopbackServer } from '../../src/sandbox/loopback-server.ts'

test('is reached by this machine alone, and keeps a connection for a minute for who asks again', async () => {
  const { url, stop } = await loopbackServer(0, (_, answer) => void answer.end('here'))
  try {
    expect(new URL(url).hostname).toBe('127.0.0.1')
    const answer = await fetch(url)
    expect(await answer.text()).toBe('here')
    expect(answer.headers.get('keep-alive')).toBe('timeout=60')
  } finally {
    await stop()
  }
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})
