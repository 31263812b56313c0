/** Lines up rows in columns, two spaces between them; colour does not count as width. The last column runs free. */
export function columns(rows: string[][]): string[] {
  const widths = rows.reduce<number[]>((sofar, row) => {
    row.forEach((cell, index) => {
      sofar[index] = Math.max(sofar[index] ?? 0, width(cell))
    })
    return sofar
  }, [])
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - width(cell)),
      )
      .join('  ')
      .trimEnd(),
  )
}

function width(cell: string): number {
  // Only with colour: see paint.ts.
  if (!cell.includes('\u001b')) return cell.length
  return process.getBuiltinModule('node:util').stripVTControlCharacters(cell).length
}
