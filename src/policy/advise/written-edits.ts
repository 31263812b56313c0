import type { YamlText } from '../file/yaml.ts'
import type { Rule } from '../rules.ts'
import type { Advice } from './advice.ts'
import { isWhole, narrowerRule } from './narrower-rule.ts'
import type { TextEdit } from './text-edits.ts'

/** An advice that proposes something. */
export type Proposal = Advice & { advised: NonNullable<Advice['advised']> }

/** A policy file as it is written, and as it was read. */
export interface WrittenPolicy {
  text: string
  yaml: YamlText
  rules: readonly Rule[]
}

/**
 * How the file is changed by one proposal: a rule for the playbook above the one that decides today and above the comment
 * that belongs to it, or another mode of that rule where the playbook is all that it decides. Undefined where the file is
 * written in a way that is not changed here. Whoever takes it reads the outcome back. Pure.
 * @param comment one line on why, without `#`
 */
export function editFor(written: WrittenPolicy, proposal: Proposal, comment: string): TextEdit | undefined {
  const { rule } = proposal
  const narrower = { ...proposal, mode: proposal.advised }
  const raw = rule === 'none' ? undefined : rawRule(written, rule)
  const before = rule === 'none' ? undefined : written.rules[rule]
  if (rule === 'none') return atTheEnd(written, narrowerRule(undefined, undefined, narrower), comment)
  if (before && isWhole(before, narrower)) return otherMode(written, rule, proposal.advised)
  return above(written, rule, narrowerRule(raw, before, narrower), comment)
}

function rawRule({ yaml }: WrittenPolicy, rule: number): Record<string, unknown> | undefined {
  return (yaml.value as { rules?: Record<string, unknown>[] }).rules?.[rule]
}

function otherMode({ text, yaml }: WrittenPolicy, rule: number, mode: string): TextEdit | undefined {
  const start = yaml.offsetOf?.(['rules', rule, 'mode'])
  if (start === undefined) return undefined
  const found = /^(["']?mode["']?\s*:\s+["']?)([a-z]+)/.exec(text.slice(start, start + 200))
  return found ? { at: start + found[1]!.length, remove: found[2]!.length, insert: mode } : undefined
}

function above(
  { text, yaml }: WrittenPolicy,
  rule: number,
  entries: readonly [string, string][],
  comment: string,
): TextEdit | undefined {
  const start = yaml.offsetOf?.(['rules', rule])
  const section = yaml.offsetOf?.(['rules'])
  if (start === undefined || section === undefined) return undefined
  const dash = dashBefore(text, start, section)
  if (dash === undefined) {
    const flow = entries.map(([key, value]) => `${key}: ${value}`).join(', ')
    return { at: start, remove: 0, insert: `{ ${flow} }, ` }
  }
  const indent = text.slice(lineStart(text, dash), dash)
  return { at: aboveComment(text, dash, section), remove: 0, insert: block(text, indent, entries, comment) }
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** The dash of a block list in front of an item; undefined in a list in brackets. */
function dashBefore(text: string, item: number, section: number): number | undefined {
  const between = text.slice(section, item).replace(/#[^\n]*/g, (words) => ' '.repeat(words.length))
  return /-\s*$/.test(between) ? section + between.trimEnd().length - 1 : undefined
}

/** Where the lines of comment begin that stand right above a line. */
function aboveComment(text: string, at: number, section: number): number {
  let start = lineStart(text, at)
  for (
    let before = lineStart(text, start - 1);
    start > 0 && before > section;
    before = lineStart(text, start - 1)
  ) {
    if (!/^[ \t]*#/.test(text.slice(before, start))) break
    start = before
  }
  return start
}

const lineEnd = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

function block(text: string, indent: string, entries: readonly [string, string][], comment: string): string {
  const lines = entries.map(([key, value], at) => `${indent}${at === 0 ? '- ' : '  '}${key}: ${value}`)
  return [`${indent}# ${comment}`, ...lines].map((line) => line + lineEnd(text)).join('')
}

/** Behind all rules: where none matches today. */
function atTheEnd(
  written: WrittenPolicy,
  entries: readonly [string, string][],
  comment: string,
): TextEdit | undefined {
  const { text, yaml, rules } = written
  const section = yaml.offsetOf?.(['rules'])
  const end = lineEnd(text)
  if (section === undefined) {
    if (yaml.offsetOf === undefined) return undefined
    const open = text === '' || text.endsWith('\n') ? '' : end
    return { at: text.length, remove: 0, insert: `${open}rules:${end}${block(text, '  ', entries, comment)}` }
  }
  if (rules.length === 0) return asFirst(text, section, entries, comment)
  const last = yaml.offsetOf?.(['rules', rules.length - 1])
  const dash = last === undefined ? undefined : dashBefore(text, last, section)
  if (last === undefined || dash === undefined) return undefined
  const at = behindContent(text, last, nextSection(written, section))
  const open = text[at - 1] === '\n' ? '' : end
  const indent = text.slice(lineStart(text, dash), dash)
  return { at, remove: 0, insert: open + block(text, indent, entries, comment) }
}

/** In a section that holds nothing yet, or an empty list. */
function asFirst(
  text: string,
  section: number,
  entries: readonly [string, string][],
  comment: string,
): TextEdit | undefined {
  const head =
    /^(["']?rules["']?[ \t]*:)([ \t]*\[[ \t]*\]|[ \t]*(?:null|~))?([ \t]*(?:#[^\n]*)?)(\r?\n|$)/.exec(
      text.slice(section),
    )
  if (!head) return undefined
  const [, key = '', none = '', rest = '', newline = ''] = head
  const at = section + key.length
  const insert = `${rest}${newline === '' ? lineEnd(text) : newline}${block(text, '  ', entries, comment)}`
  return none === '' && newline !== ''
    ? { at: at + rest.length + newline.length, remove: 0, insert: block(text, '  ', entries, comment) }
    : { at, remove: none.length + rest.length + newline.length, insert }
}

/** Where the section behind this one begins. */
function nextSection({ text, yaml }: WrittenPolicy, section: number): number {
  const starts = Object.keys(yaml.value as object).map((key) => yaml.offsetOf?.([key]) ?? 0)
  return Math.min(text.length, ...starts.filter((start) => start > section))
}

/** Behind the last line of a part that is neither empty nor a comment. */
function behindContent(text: string, from: number, to: number): number {
  const lines = text.slice(from, to).split(/(?<=\n)/)
  while (lines.length > 1 && /^\s*(#|$)/.test(lines.at(-1)!)) lines.pop()
  return from + lines.join('').length
}
