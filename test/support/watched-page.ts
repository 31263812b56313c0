import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type Chromium, startChromium } from './chromium.ts'

export interface Watching {
  /** The only place that the page may ask for anything, `http://127.0.0.1:8080/slack`. */
  home: () => string
  height: number
  /** How long anything on the page is waited for, ms. */
  patienceMs: number
}

/** A page for each test of a file. Afterwards none of its scripts may have failed, nor asked anywhere else. */
export function withPage({ home, height, patienceMs }: Watching): () => Page {
  let browser: Chromium
  let page: Page
  let foreign: string[]
  let errors: string[]
  beforeAll(async () => {
    browser = await startChromium({ viewport: { width: 1280, height } })
  })
  afterAll(() => browser?.stop())
  beforeEach(async () => {
    foreign = []
    errors = []
    page = await browser.context.newPage()
    page.setDefaultTimeout(patienceMs)
    page.on('request', (request) => {
      if (!request.url().startsWith(home()) && !request.url().startsWith('data:')) foreign.push(request.url())
    })
    page.on('pageerror', (error) => errors.push(String(error)))
  })
  afterEach(async () => {
    await page.close()
    expect({ foreign, errors }).toEqual({ foreign: [], errors: [] })
  })
  return () => page
}
