/** What a file of the corpus must be read as. */
export interface ReportRow {
  file: string
  /** Which of its events, from 0. */
  index: number
  expect:
    | {
        source: string
        via?: string
        type: string
        severity: string
        status: string
        account: string
        region: string
        resources: [type: string, id: string][]
      }
    | { rejected: string; field?: string }
}

/**
 * A table in text: `FILE#INDEX | SOURCE VIA TYPE SEVERITY STATUS ACCOUNT REGION | TYPE ID, TYPE ID`, or
 * `FILE | ! CODE FIELD`; `-` for no via, `~` for a blank.
 * @param fileOf the path of a file in the corpus, of its name in the table
 */
export function rowsOf(table: string, fileOf: (name: string) => string): ReportRow[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', told = '', named = ''] = line.split('|').map((part) => part.trim())
      const [file = '', index = '0'] = name.split('#')
      const words = told.split(' ').map((word) => word.replaceAll('~', ' '))
      return { file: fileOf(file), index: Number(index), expect: expected(told, words, named) }
    })
}

function expected(told: string, words: string[], named: string): ReportRow['expect'] {
  if (told.startsWith('!')) {
    const [, rejected = '', field] = told.split(' ')
    return { rejected, ...(field !== undefined && { field }) }
  }
  const [source = '', via = '', type = '', severity = '', status = '', account = '', region = ''] = words
  return {
    source,
    ...(via !== '-' && { via }),
    type,
    severity,
    status,
    account,
    region,
    resources: named.split(', ').map((each) => each.split(' ') as [string, string]),
  }
}
