/**
 * A little of the query language of CloudWatch Logs Insights: `parse` with a pattern of blanks and stars, `filter` with
 * comparisons of a field and a value, `in`, `not`, `and`, `or` and the functions about addresses of one family, `stats` by one
 * field at most. All else is refused: a stand-in that guessed would prove nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */

/** Text that is no query, or more of the language than is known here. */
export class UnknownQuery extends Error {
  override readonly name = 'UnknownQuery'
}

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Condition =
  | { kind: 'and' | 'or'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'compare'; field: string; by: Comparison; value: string }
  | { kind: 'in'; field: string; values: string[] }
  /** Without a range: all addresses of the family. */
  | { kind: 'address'; family: 4 | 6; field: string; range?: string }

export type Aggregate = 'count' | 'sum' | 'max' | 'count_distinct'

export type Command =
  | { kind: 'parse'; fields: string[] }
  | { kind: 'filter'; condition: Condition }
  | { kind: 'stats'; columns: { as: string; by: Aggregate; field: string }[]; by?: string }

/** Reads a query. Throws `UnknownQuery`. */
export function queryIn(text: string): Command[] {
  const tokens = tokensOf(text)
  const commands: Command[] = []
  const reading = new Tokens(tokens)
  do commands.push(commandIn(reading))
  while (reading.takes('|'))
  reading.mustEnd()
  return commands
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[A-Za-z_@][\w@]*|\d+(?:\.\d+)?|<=|>=|!=|[=<>|()[\],*])/y

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (!found) throw new UnknownQuery(`unexpected text at ${at}: ${text.slice(at, at + 20)}`)
    tokens.push(found[1]!)
  }
  return tokens
}

/** Words one after the other. */
class Tokens {
  readonly #all: readonly string[]
  #at = 0

  constructor(all: readonly string[]) {
    this.#all = all
  }

  takes(word: string): boolean {
    if (this.#all[this.#at] !== word) return false
    this.#at += 1
    return true
  }

  must(word: string): void {
    if (!this.takes(word)) this.refuse(`"${word}"`)
  }

  mustEnd(): void {
    if (this.#at < this.#all.length) this.refuse('the end')
  }

  matching(form: RegExp, what: string): string {
    const word = this.#all[this.#at]
    if (word === undefined || !form.test(word)) this.refuse(what)
    this.#at += 1
    return word
  }

  refuse(wanted: string): never {
    throw new UnknownQuery(`${wanted} is expected before "${this.#all[this.#at] ?? 'the end'}"`)
  }
}

const WORD = /^[A-Za-z_@][\w@]*$/
const nameIn = (tokens: Tokens) => tokens.matching(WORD, 'a field')

function valueIn(tokens: Tokens): string {
  const word = tokens.matching(/^("|\d)/, 'a value')
  return word.startsWith('"') ? (JSON.parse(word) as string) : word
}

function listIn<T>(tokens: Tokens, one: (tokens: Tokens) => T): T[] {
  const all = [one(tokens)]
  while (tokens.takes(',')) all.push(one(tokens))
  return all
}

function commandIn(tokens: Tokens): Command {
  const name = tokens.matching(WORD, 'a command')
  switch (name) {
    case 'parse': {
      tokens.must('@message')
      const pattern = valueIn(tokens)
      tokens.must('as')
      const fields = listIn(tokens, nameIn)
      if (pattern !== fields.map(() => '*').join(' '))
        throw new UnknownQuery(`parse: "${pattern}" is not one * for each of ${fields.length} fields`)
      return { kind: 'parse', fields }
    }
    case 'filter':
      return { kind: 'filter', condition: conditionIn(tokens) }
    case 'stats':
      return {
        kind: 'stats',
        columns: listIn(tokens, columnIn),
        ...(tokens.takes('by') && { by: nameIn(tokens) }),
      }
    default:
      throw new UnknownQuery(`the command ${name} is not known here`)
  }
}

function conditionIn(tokens: Tokens): Condition {
  const all = [conjunctionIn(tokens)]
  while (tokens.takes('or')) all.push(conjunctionIn(tokens))
  return all.length === 1 ? all[0]! : { kind: 'or', of: all }
}

function conjunctionIn(tokens: Tokens): Condition {
  const all = [singleIn(tokens)]
  while (tokens.takes('and')) all.push(singleIn(tokens))
  return all.length === 1 ? all[0]! : { kind: 'and', of: all }
}

function singleIn(tokens: Tokens): Condition {
  if (tokens.takes('not')) return { kind: 'not', of: singleIn(tokens) }
  if (tokens.takes('(')) {
    const inner = conditionIn(tokens)
    tokens.must(')')
    return inner
  }
  const field = nameIn(tokens)
  const [, valid, inSubnet] = /^(?:isValidIpV([46])|isIpv([46])InSubnet)$/.exec(field) ?? []
  if (valid !== undefined || inSubnet !== undefined) {
    tokens.must('(')
    const of = nameIn(tokens)
    if (inSubnet !== undefined) tokens.must(',')
    const range = inSubnet === undefined ? {} : { range: valueIn(tokens) }
    tokens.must(')')
    return { kind: 'address', family: (valid ?? inSubnet) === '4' ? 4 : 6, field: of, ...range }
  }
  if (tokens.takes('in')) {
    tokens.must('[')
    const values = listIn(tokens, valueIn)
    tokens.must(']')
    return { kind: 'in', field, values }
  }
  const by = tokens.matching(/^(=|!=|<=?|>=?)$/, 'a comparison') as Comparison
  return { kind: 'compare', field, by, value: valueIn(tokens) }
}

function columnIn(tokens: Tokens): { as: string; by: Aggregate; field: string } {
  const by = tokens.matching(/^(count|sum|max|count_distinct)$/, 'an aggregate') as Aggregate
  tokens.must('(')
  const field = by === 'count' ? tokens.matching(/^\*$/, '*') : nameIn(tokens)
  tokens.must(')')
  tokens.must('as')
  return { as: nameIn(tokens), by, field }
}
