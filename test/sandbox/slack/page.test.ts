import { describe, expect, test } from '@jest/globals'
import { cardBlocks, payloadOf, postCard, slackClient, withSlack } from '../../support/stand-in-slack.ts'
import { withPage } from '../../support/watched-page.ts'

const slack = withSlack()
const client = () => slackClient(slack())
const channel = 'C0SECOPS'
const page = withPage({ home: () => slack().page, height: 800, patienceMs: 10_000 })

const answered = { status: 200, body: '' }
const open = async (user = 'U0ANN', more = '') => {
  await page().goto(`${slack().page}?as=${user}${more}`)
  await page().locator('#channel', { hasText: '# secops' }).waitFor()
}
const post = (more: object = {}) => postCard(slack(), more)
const message = (text: string) => page().locator('main .message', { hasText: text })
const shown = (text: string) => message(text).waitFor()
const focused = () => page().evaluate('document.activeElement.dataset.action ?? document.activeElement.id')

/** Presses Tab until the focus is there: no mouse. */
async function tabTo(wanted: string) {
  for (let at = 0; at < 60; at++) {
    await page().keyboard.press('Tab')
    if ((await focused()) === wanted) return
  }
  throw new Error(`Tab does not come to ${wanted}`)
}

describe('a card', () => {
  test('is drawn with what it says, and what is in a text is never markup', async () => {
    const hostile =
      'tag <script>document.title="x"</script> &lt;!channel&gt; *bold* `co_de_` _it_ a_b_c 2*3*4'
    await post({
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Open <b>port</b>' } },
        { type: 'section', text: { type: 'mrkdwn', text: hostile } },
        { type: 'section', fields: [{ type: 'mrkdwn', text: '*Who*\n<@U0BEN> of <!subteam^S0ONCALL>' }] },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '```- a &amp; b\n+ <c>```\n<javascript:alert(1)|run> <https://a.example|go>',
          },
        },
      ],
    })
    await open()
    await shown('Open <b>port</b>')
    const card = message('Open <b>port</b>')
    expect(await card.locator('script').count()).toBe(0)
    expect(await card.innerText()).toContain('<!channel>')
    expect(await card.locator('b').allInnerTexts()).toEqual(['bold', 'Who'])
    expect(await card.locator('i').allInnerTexts()).toEqual(['it'])
    expect(await card.locator('code').allInnerTexts()).toEqual(['co_de_'])
    expect(await card.innerText()).toContain('a_b_c 2*3*4')
    expect(await card.locator('.mention').allInnerTexts()).toEqual(['@Ben Brandt', '@oncall'])
    expect(await card.locator('pre').innerText()).toBe('- a & b\n+ <c>')
    expect(await card.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))).toEqual([
      'https://a.example',
    ])
  })

  test('has its lines as they were written, days as people call them, and emoji without a font', async () => {
    const text = (words: string) => ({ type: 'text', text: words })
    const at = Math.floor(Date.now() / 1000)
    await post({
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🔴 :x: high', emoji: false } },
        {
          type: 'rich_text',
          elements: [
            { type: 'rich_text_section', elements: [text('one\n⚠️ two :x:')] },
            {
              type: 'rich_text_list',
              style: 'bullet',
              elements: [{ type: 'rich_text_section', elements: [text('three')] }],
            },
          ],
        },
        {
          type: 'context',
          elements: [
            { type: 'mrkdwn', text: `<!date^${at}^{date_short_pretty}|x>, <!date^${at}^{date_num}|x>` },
          ],
        },
      ],
    })
    await open()
    await shown('high')
    const card = message('high')
    const pictures = card.locator('.emoji')
    const labels = await pictures.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
    expect(labels).toEqual(['red circle', 'warning'])
    expect(await card.locator('h3').innerText()).toContain(':x: high')
    expect(await card.locator('.rich_text > p').innerText()).toMatch(/^one\n.* two :x:$/)
    expect(await card.locator('.rich_text li').allInnerTexts()).toEqual(['three'])
    expect(await card.locator('time').allInnerTexts()).toContain('today')
    expect(await card.locator('time').allInnerTexts()).toContain(new Date().toISOString().slice(0, 10))
  })

  test('appears and changes while one looks, without a reload', async () => {
    await open()
    const ts = await post()
    await shown('Port 22 is open')
    await client().chat.update({ channel, ts, text: 'Remediated', blocks: [] })
    await shown('Remediated')
    expect(await page().locator('[data-action]').count()).toBe(0)
  })

  test('is decided with the keyboard alone, by two people', async () => {
    const clicks: string[] = []
    slack().receiver = async (request) => {
      const { user, message: card } = payloadOf(request)
      clicks.push(user.id)
      if (clicks.length === 2)
        await client().chat.update({ channel, ts: card.ts, text: 'Decided', blocks: [] })
      return answered
    }
    await post()
    await open()
    await shown('Port 22 is open')
    await tabTo('approve')
    await page().keyboard.press('Enter')
    await page().locator('[data-action=approve]:focus').waitFor()
    await page().locator('#person').focus()
    await page().keyboard.press('ArrowDown')
    await page().locator('#said', { hasText: 'Ben Brandt' }).waitFor({ state: 'attached' })
    await tabTo('approve')
    await page().keyboard.press('Space')
    await shown('Decided')
    expect(clicks).toEqual(['U0ANN', 'U0BEN'])
    // The buttons are gone; the focus is still at the card.
    expect(await page().evaluate('document.activeElement.className')).toContain('message')
  })

  test('whose app fails says so at the card', async () => {
    slack().receiver = async () => ({ status: 500, body: '' })
    await post()
    await open()
    await page().locator('[data-action=approve]').click()
    await page().locator('.note', { hasText: 'This app responded with Status Code 500' }).waitFor()
  })

  test('with a confirmation asks first, and Escape does nothing', async () => {
    let clicks = 0
    slack().receiver = async () => {
      clicks++
      await client().chat.update({ channel, ts, text: 'Undone', blocks: [] })
      return answered
    }
    const [section, actions] = cardBlocks() as [object, { elements: object[] }]
    const confirm = {
      title: { type: 'plain_text', text: 'Undo it?' },
      text: { type: 'mrkdwn', text: 'It is *public* again' },
      confirm: { type: 'plain_text', text: 'Undo' },
      deny: { type: 'plain_text', text: 'Keep' },
    }
    const ts = await post({
      blocks: [section, { ...actions, elements: [{ ...actions.elements[0], confirm }] }],
    })
    await open()
    await page().locator('[data-action=approve]').focus()
    await page().keyboard.press('Enter')
    await page().getByRole('dialog', { name: 'Undo it?' }).waitFor()
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'hidden' })
    expect([clicks, await focused()]).toEqual([0, 'approve'])
    await page().keyboard.press('Enter')
    await page().getByRole('dialog').getByRole('button', { name: 'Undo' }).press('Enter')
    await shown('Undone')
    expect(clicks).toBe(1)
  })
})

describe('a modal', () => {
  const view = {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Exempt' },
    submit: { type: 'plain_text' as const, text: 'Save' },
    blocks: [
      {
        type: 'input',
        block_id: 'ticket',
        optional: true,
        label: { type: 'plain_text', text: 'Ticket' },
        element: { type: 'plain_text_input', action_id: 'number' },
      },
      {
        type: 'input',
        block_id: 'why',
        label: { type: 'plain_text', text: 'Reason' },
        element: { type: 'plain_text_input', action_id: 'reason' },
      },
    ],
  }

  test('is filled in and sent with the keyboard, says what is missing, and gives the focus back', async () => {
    const submitted: unknown[] = []
    slack().receiver = async (request) => {
      const { type, trigger_id, view: sent } = payloadOf(request)
      if (type === 'block_actions') await client().views.open({ trigger_id, view })
      else {
        submitted.push(sent.state.values)
        // The button from which it came is another one by then.
        await client().chat.update({ channel, ts, text: 'a card', blocks: cardBlocks('def') })
      }
      return answered
    }
    const ts = await post()
    await open()
    await page().locator('[data-action=details]').press('Enter')
    await page().getByRole('dialog', { name: 'Exempt' }).waitFor()
    expect(await focused()).toBe('number')
    await page().keyboard.press('Enter')
    await page().getByText('Please complete this required field.').waitFor()
    expect(await focused()).toBe('reason')
    await page().keyboard.type('planned work')
    await page().keyboard.press('Enter')
    await page().getByRole('dialog').waitFor({ state: 'hidden' })
    expect(submitted).toEqual([
      {
        ticket: { number: { type: 'plain_text_input', value: null } },
        why: { reason: { type: 'plain_text_input', value: 'planned work' } },
      },
    ])
    expect(await focused()).toBe('details')
  })

  test('closes with Escape, and is only its person’s', async () => {
    slack().receiver = async (request) => {
      await client().views.open({ trigger_id: payloadOf(request).trigger_id, view })
      return answered
    }
    const ts = await post()
    await slack().click({ user: 'U0BEN', channel, ts, action_id: 'details' })
    await open('U0ANN')
    await shown('Port 22 is open')
    expect(await page().getByRole('dialog').count()).toBe(0)
    await open('U0BEN')
    await page().getByRole('dialog', { name: 'Exempt' }).waitFor()
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'hidden' })
    expect(slack().state().views).toEqual([])
  })
})

test('a thread opens beside, with its files, and closes with Escape', async () => {
  const ts = await post()
  await client().filesUploadV2({
    channel_id: channel,
    thread_ts: ts,
    filename: 'plan.txt',
    title: 'Plan',
    content: 'step one',
    initial_comment: 'The whole plan',
  })
  await open()
  await page().getByRole('button', { name: '1 reply' }).press('Enter')
  const thread = page().getByRole('complementary', { name: 'Thread' })
  await thread.getByText('The whole plan').waitFor()
  expect(await thread.locator('pre').innerText()).toBe('step one')
  await page().keyboard.press('Escape')
  await thread.waitFor({ state: 'hidden' })
  expect(await page().evaluate('document.activeElement.className')).toBe('replies')
})

test('what is said to one person is seen by that person alone', async () => {
  await client().chat.postEphemeral({ channel, user: 'U0BEN', text: 'You may not' })
  await post()
  await open('U0ANN')
  await shown('Port 22 is open')
  expect(await message('You may not').count()).toBe(0)
  await open('U0BEN')
  await message('Only visible to you').getByText('You may not').waitFor()
})

test('a command that is typed is sent, and what it says is shown', async () => {
  slack().receiver = async ({ body }) => ({
    status: 200,
    body: `you asked for ${new URLSearchParams(body).get('text')}`,
  })
  await open()
  await page().locator('#draft').fill('/rectify runs')
  await page().keyboard.press('Enter')
  await shown('you asked for runs')
})

test('a link to a message shows it', async () => {
  const ts = await post()
  const { permalink } = await client().chat.getPermalink({ channel, message_ts: ts })
  await page().goto(permalink!)
  await page().locator('.linked', { hasText: 'Port 22 is open' }).waitFor()
})
