// The reference of access: rights, who has which, and what every route needs.
import { rights, roles, rightNames, type Role } from '../../src/core/access.ts'
import { routesWithNeeds } from '../../src/api/rights.ts'
import { generatedNote, page, table } from './markdown.ts'

const needWords: Readonly<Record<string, string>> = {
  public: 'anybody',
  known: 'anybody who is signed in, and every token',
  instance: 'who looks after the whole installation',
}

function rolesTable(): string {
  return table(
    ['right', ...Object.values(roles).map(({ label }) => label), 'token', 'what it allows'],
    rightNames.map((right) => [
      `\`${right}\``,
      ...(Object.keys(roles) as Role[]).map((role) =>
        (roles[role].rights as readonly string[]).includes(right) ? 'yes' : '–',
      ),
      rights[right].forTokens ? 'yes' : '–',
      rights[right].doc,
    ]),
  )
}

function routesTable(): string {
  return table(
    ['route', 'needs'],
    [...routesWithNeeds].map(([route, need]) => [`\`${route}\``, needWords[need] ?? `\`${need}\``]),
  )
}

/** docs/reference/access.md */
export function accessPage(): string {
  return page(
    '# Who may do what',
    generatedNote,
    '## Roles',
    table(
      ['role', 'for whom'],
      Object.values(roles).map(({ label, doc }) => [`\`${label}\``, doc]),
    ),
    '## Rights',
    rolesTable(),
    '## Routes',
    'A route that is not in this table is refused to everybody. Over the socket of the machine, whose file mode decides who may speak to it, everything is allowed.',
    routesTable(),
  )
}
