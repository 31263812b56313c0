import { CreateTagsCommand } from '@aws-sdk/client-ec2'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import type { Run } from '../../../src/run/run.ts'
import { withPage } from '../../support/watched-page.ts'
import { commonPortsOpen } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { waits, withDeployment } from './sandbox-deployment.ts'

/**
 * What a person does on the page of the sandbox, in a browser, with the stack behind it. Each test leaves nothing that
 * waits: the next run would join its card.
 */

const POLICY = `version: 1
slack: { workspace: T0ACME }
rules:
  - when: { tags: { team: two } }
    mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL], quorum: 2, expiresAfter: 1h }
  - mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL], expiresAfter: 1h }
`
const deployed = withDeployment({ policy: () => POLICY, slack: true })
let plant: Planter
const page = withPage({
  home: () => deployed().sandbox.deployed!.slack!.page,
  height: 1000,
  patienceMs: 30_000,
})
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
})
beforeEach(async () => {
  await page().goto(`${deployed().sandbox.deployed!.slack!.page}?as=U0ANN`)
})

/** A group whose port 3306 is open, the run that asks about it, and its card on the page. */
async function asked(tags: Record<string, string> = {}): Promise<{ group: string; run: Run; card: Locator }> {
  const group = await plant.group({ source: '0.0.0.0/0', port: 3306 })
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  if (Tags.length > 0) await plant.ec2.send(new CreateTagsCommand({ Resources: [group], Tags }))
  await deployed().detect(commonPortsOpen(group))
  const run = await deployed().runWith(group, waits)
  const card = page().locator('main .message', { hasText: `rectify runs ${run.id}` })
  await button(card, 'Approve').waitFor()
  return { group, run, card }
}

const button = (within: Locator | Page, name: string) => within.getByRole('button', { name, exact: true })
const saying = (card: Locator, text: string) => card.getByText(text).first().waitFor()
/** A card's title: what a resource is called stands before its id. */
const titled = (words: string, group: string) => new RegExp(`${words} · .*${group}`)
const become = (person: string) => page().getByLabel('You are').selectOption({ label: person })

/** Presses Tab until the focus is on that button of that run. */
async function tabTo({ id }: Run, action: string): Promise<void> {
  for (let at = 0; at < 120; at++) {
    await page().keyboard.press('Tab')
    const key = await page().evaluate('document.activeElement.dataset.key ?? ""')
    if (String(key).endsWith(`/run-${id}/${action}`)) return
  }
  throw new Error(`Tab does not come to ${action}`)
}

describe('on the page', () => {
  test('a card is read, its details are opened, two people approve it, and two take it back', async () => {
    const { group, run, card } = await asked({ team: 'two' })
    const words = await card.innerText()
    expect(words).toMatch(titled('MEDIUM', group))
    expect(words).toContain('Plan: revoke tcp 3306 from 0.0.0.0/0')
    expect(words).toContain('0 of 2')
    expect(words).not.toContain('asked for by')

    await button(card, 'Details').click()
    const details = page().getByRole('dialog', { name: 'Plan' })
    await details.getByText(`Hash of all of it: ${run.plan!.hash}`).waitFor()
    await button(details, 'Close').last().click()
    await details.waitFor({ state: 'hidden' })

    await button(card, 'Approve').click()
    await saying(card, '1 of 2')
    expect(await plant.ingress(group)).toHaveLength(1)
    await become('Ben Brandt, on call')
    await button(card, 'Approve').click()
    await card.getByRole('heading', { name: titled('remediated', group) }).waitFor()
    expect(await plant.ingress(group)).toEqual([])
    expect(await card.innerText()).toMatch(/Proven: read again .*, nothing is left to do/)

    await button(card, 'Undo').click()
    await button(page().getByRole('dialog'), 'Undo').click()
    const undo = page().locator('main .message', { hasText: `Undo of run ${run.id}` })
    await saying(undo, '1 of 2')
    expect(await undo.innerText()).toContain('asked for by @Ben Brandt')
    expect(await plant.ingress(group)).toEqual([])
    await become('Ann Adler, on call')
    await button(undo, 'Approve').click()
    await undo.getByRole('heading', { name: titled('Undo · undone', group) }).waitFor()
    await card.getByRole('heading', { name: titled('remediated, then undone', group) }).waitFor()
    expect(await plant.ingress(group)).toHaveLength(1)
    expect(await button(card, 'Undo').count()).toBe(0)
  })

  test('the keyboard alone is enough, from the card to the undo', async () => {
    const { group, run, card } = await asked()
    const press = (key: string) => page().keyboard.press(key)
    await tabTo(run, 'details')
    await press('Enter')
    const details = page().getByRole('dialog', { name: 'Plan' })
    await details.waitFor()
    await press('Escape')
    await details.waitFor({ state: 'hidden' })

    await tabTo(run, 'approve')
    await press('Enter')
    await card.getByRole('heading', { name: titled('remediated', group) }).waitFor()
    expect(await plant.ingress(group)).toEqual([])

    await tabTo(run, 'undo')
    await press('Enter')
    const sure = page().getByRole('dialog')
    await sure.getByRole('heading', { name: new RegExp(`Undo for .*${group}`) }).waitFor()
    await press('Escape')
    await sure.waitFor({ state: 'hidden' })
    expect(await plant.ingress(group)).toEqual([])
    await press('Enter')
    await sure.waitFor()
    // The first button keeps things as they are.
    await press('Tab')
    await press('Enter')
    await card.getByRole('heading', { name: titled('remediated, then undone', group) }).waitFor()
    expect(await plant.ingress(group)).toHaveLength(1)
  })

  test('whoever declines is asked why, and the answer stands in the thread', async () => {
    const { group, card } = await asked()
    await button(card, 'Decline').click()
    const why = page().getByRole('dialog', { name: 'Declined' })
    await why.getByLabel('Reason').fill('a migration, until *Friday*')
    await button(why, 'Save reason').click()
    await card.getByRole('heading', { name: titled('declined', group) }).waitFor()
    await card.getByRole('button', { name: 'reply' }).click()
    const thread = page().getByRole('complementary', { name: 'Thread' })
    await thread.getByText('Declined: a migration, until ∗Friday∗').waitFor()
    expect(await plant.ingress(group)).toHaveLength(1)
  })

  test('who may not decide is told so, alone, and the card stays as it is', async () => {
    const { group, card } = await asked()
    await become('Cho Chen, security lead')
    await button(card, 'Approve').click()
    const told = page().locator('main .message.ephemeral')
    await told.waitFor()
    expect(await told.innerText()).toContain('Only visible to you')
    expect(await button(card, 'Approve').count()).toBe(1)
    await become('Ann Adler, on call')
    expect(await told.count()).toBe(0)
    await button(card, 'Decline').click()
    await card.getByRole('heading', { name: titled('declined', group) }).waitFor()
  })
})
