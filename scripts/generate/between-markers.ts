/** What is written by the program in a file that people write otherwise: between `generated NAME` and `end of NAME`. */
export function betweenMarkers(text: string, name: string, content: string, path: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.includes(`generated ${name} (npm run generate)`))
  const end = lines.findIndex((line) => line.includes(`end of ${name}`))
  if (start < 0 || end < start)
    throw new Error(
      `${path} has no place for ${name}: lines "generated ${name} (npm run generate)", "end of ${name}"`,
    )
  return [...lines.slice(0, start + 1), ...content.trimEnd().split('\n'), ...lines.slice(end)].join('\n')
}
