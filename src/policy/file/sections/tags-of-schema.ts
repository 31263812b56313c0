/** Where tags are looked for. */
import * as z from 'zod/mini'
import { TAG_PLACES } from '../../rules.ts'
import { oneOf } from '../values.ts'

export const tagsOf = z
  .array(oneOf('place', TAG_PLACES))
  .check(
    z.superRefine((places, context) => {
      const wrong = (message: string) => context.addIssue({ code: 'custom', path: [], message })
      if (places[0] !== 'resource')
        wrong('must begin with resource: a tag of the resource counts before any other')
      const twice = places.find((place, at) => places.indexOf(place) < at)
      if (twice !== undefined) wrong(`names ${twice} twice`)
    }),
  )
  .register(z.globalRegistry, {
    description:
      'Where tags are looked for: on the resource first and, where it has none that count, on what it stands in',
  })
