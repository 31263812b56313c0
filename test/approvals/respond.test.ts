import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { responder } from '../../src/approvals/respond.ts'

let server: Server
let origin: string
let status: number
let bodies: string[]

beforeEach(async () => {
  status = 200
  bodies = []
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    bodies.push(Buffer.concat(chunks).toString())
    if (request.url === '/never') return
    if (request.url === '/elsewhere') response.setHeader('location', 'http://169.254.169.254/')
    response.writeHead(request.url === '/elsewhere' ? 302 : status).end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('what is told to an address that Slack gave', () => {
  test('goes there as JSON', async () => {
    await responder(`${origin}/api/`, 1000)(`${origin}/actions/1`, { text: 'no' })
    expect(bodies).toEqual(['{"text":"no"}'])
  })

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://hooks.slack.com/actions/1',
    'https://slack.com.example.org/actions/1',
    'https://evilslack.com/actions/1',
  ])('goes to nobody else: %s', async (url) => {
    await expect(responder(`${origin}/api/`, 1000)(url, { text: 'no' })).rejects.toThrow('foreign_host')
  })

  test('and is not taken, is an error', async () => {
    status = 404
    await expect(responder(`${origin}/api/`, 1000)(`${origin}/used-up`, {})).rejects.toThrow('HTTP 404')
  })

  test('does not follow to another place', async () => {
    await expect(responder(`${origin}/api/`, 1000)(`${origin}/elsewhere`, {})).rejects.toThrow('no answer')
  })

  test('is given up after its time', async () => {
    await expect(responder(`${origin}/api/`, 50)(`${origin}/never`, {})).rejects.toThrow('no answer')
  })
})
