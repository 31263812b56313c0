import { describe, expect, test } from '@jest/globals'
import { cardOf } from '../../../src/approvals/card/run-card.ts'
import { NOW } from '../../support/arbitrary-runs.ts'
import { asked } from '../../support/asked-run.ts'
import { problemsOfMessage, problemsOfView } from '../../support/block-kit.ts'

const good = cardOf({ run: asked(), now: NOW })
const button = {
  type: 'button',
  action_id: 'a',
  text: { type: 'plain_text', text: 'x', emoji: false },
  value: 'v',
}
const paragraph = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
})
const section = (more: object) => ({ type: 'section', text: { type: 'mrkdwn', text: 'x', ...more } })
const list = (elements: unknown[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_list', style: 'bullet', elements }],
})
const modal = {
  type: 'modal',
  callback_id: 'x',
  private_metadata: '',
  title: { type: 'plain_text', text: 'Plan', emoji: false },
  blocks: good.blocks,
}

/** The model of Slack's limits is itself held: it refuses what Slack refuses. */
describe('the limits of Slack', () => {
  test.each<[what: string, blocks: unknown[]]>([
    ['no blocks', []],
    ['51 blocks', Array.from({ length: 51 }, () => paragraph('x'))],
    ['a header of 151', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
    ['an empty text', [paragraph('')]],
    ['a value of 2,001', [{ type: 'actions', elements: [{ ...button, value: 'x'.repeat(2_001) }] }]],
    ['two actions of one id', [{ type: 'actions', elements: [button, button] }]],
    [
      'two blocks of one id',
      [
        { type: 'actions', block_id: 'a', elements: [button] },
        { type: 'actions', block_id: 'a', elements: [button] },
      ],
    ],
    [
      '26 buttons',
      [
        {
          type: 'actions',
          elements: Array.from({ length: 26 }, (_, at) => ({ ...button, action_id: `a${at}` })),
        },
      ],
    ],
    ['a style that there is not', [{ type: 'actions', elements: [{ ...button, style: 'default' }] }]],
    ['a block that there is not', [{ type: 'paragraph' }]],
    ['a field that there is not', [{ type: 'header', text: { type: 'plain_text', text: 'x' }, level: 1 }]],
    [
      '11 texts in a context',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }],
    ],
    ['a section of 3,001', [section({ text: 'x'.repeat(3_001) })]],
    ['a section without a text', [section({ text: '' })]],
    ['a divider with a text', [{ type: 'divider', text: 'x' }]],
    ['a list of nothing', [list([])]],
    ['a list of texts', [list([{ type: 'text', text: 'x' }])]],
    ['an empty point', [list(paragraph('').elements)]],
    ['half a character', [paragraph('\uD83D')]],
    ['more than it takes in all', Array.from({ length: 4 }, () => paragraph('x'.repeat(2_900)))],
  ])('are crossed by %s', (_, blocks) => {
    expect(problemsOfMessage({ text: 'x', blocks })).not.toEqual([])
  })

  test('are kept by sections, dividers and lists as they should be', () => {
    const blocks = [section({}), { type: 'divider' }, list(paragraph('x').elements)]
    expect(problemsOfMessage({ text: 'x', blocks })).toEqual([])
  })

  test('are kept by a card, and crossed by one without text', () => {
    expect(problemsOfMessage(good)).toEqual([])
    expect(problemsOfMessage({ ...good, text: '' })).not.toEqual([])
    expect(problemsOfMessage({ ...good, text: 'x'.repeat(4_001) })).not.toEqual([])
  })

  test('are crossed by a modal with a long title, or with inputs that cannot be sent', () => {
    expect(problemsOfView(modal)).toEqual([])
    expect(problemsOfView({ ...modal, title: { type: 'plain_text', text: 'x'.repeat(25) } })).not.toEqual([])
    const input = {
      type: 'input',
      block_id: 'b',
      label: { type: 'plain_text', text: 'x' },
      element: { type: 'plain_text_input', action_id: 'a' },
    }
    expect(problemsOfView({ ...modal, blocks: [input] })).toEqual(['inputs without submit'])
  })
})
