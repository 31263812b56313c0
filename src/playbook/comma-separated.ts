/** The parts of a list as parameters of rules have it, `a, b`: without the spaces around them, and none that is empty. */
export const commaSeparated = (list = ''): string[] => list.split(',').flatMap((part) => part.trim() || [])
