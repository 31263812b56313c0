/** Where tags are looked for. */
import * as z from 'zod/mini'
import { TAG_PLACES } from '../../rules.ts'
import { oneOf } from '../values.ts'

export const tagsOf = z
  .array(oneOf('place', TAG_PLACES))
  .check(
    z.refine(
      ([first]) => first === 'resource',
      'must begin with resource: a tag of the resource counts before any other',
    ),
    z.refine((places) => new Set(places).size === places.length, 'names a place twice'),
  )
  .register(z.globalRegistry, {
    description:
      'Where tags are looked for: on the resource first and, where it has none that count, on what it stands in',
  })
