// A form from the JSON schema of a connector's options: titles, help, defaults and choices as the registry says them.
import { Accordion, NumberInput, Select, SimpleGrid, Switch, TagsInput, TextInput } from '@mantine/core'
import { Fold } from './choice.tsx'
import type { Faults } from './faults.ts'

/** What a field of the schema may say. */
interface FieldSchema {
  readonly title?: string
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly default?: unknown
  readonly anyOf?: readonly FieldSchema[]
}

interface FieldsProps {
  /** JSON Schema of an object. */
  readonly schema: object
  readonly value: object
  /** What stands before the names of its fields in `faults`. */
  readonly within: string
  readonly faults: Faults
  /** Fields that are asked for elsewhere. */
  readonly without?: readonly string[]
  readonly onChange: (value: object) => void
}

/** What has no value unless somebody gives it one is folded away. */
export function OptionFields({ schema, value, within, faults, without = [], onChange }: FieldsProps) {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, FieldSchema>> }
  const fields = Object.entries(properties).filter(
    ([name, field]) => field.const === undefined && !without.includes(name),
  )
  const [more, first] = [
    fields.filter(([, field]) => field.default === null),
    fields.filter(([, field]) => field.default !== null),
  ]
  const values = value as Readonly<Record<string, unknown>>
  const shown = ([name, field]: (typeof fields)[number]) => (
    <OptionField
      key={name}
      field={field}
      value={values[name]}
      fault={faultOf(faults, `${within}.${name}`)}
      onChange={(next) => onChange({ ...value, [name]: next })}
    />
  )
  const set = more.filter(([name]) => values[name] !== null && values[name] !== undefined)
  return (
    <>
      {first.length > 0 && (
        <SimpleGrid cols={{ base: 1, sm: first.length === 1 ? 1 : 2 }}>{first.map(shown)}</SimpleGrid>
      )}
      {more.length > 0 && (
        <Accordion variant="separated" multiple>
          <Fold
            value="options"
            title="More about the source"
            said={set.map(([name, { title }]) => (title ?? name).toLowerCase()).join(', ')}
            faulty={more.some(([name]) => faultOf(faults, `${within}.${name}`) !== undefined)}
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }}>{more.map(shown)}</SimpleGrid>
          </Fold>
        </Accordion>
      )}
    </>
  )
}

/** The choices in words, where the help says what each means: `all: every file; newest: the newest alone.` */
function wordsIn(choices: readonly string[], help: string): { value: string; label: string }[] | null {
  const parts = help.replace(/\.$/, '').split('; ')
  const said = choices.map((value) =>
    parts.find((part) => part.startsWith(`${value}: `))?.slice(value.length + 2),
  )
  if (said.includes(undefined)) return null
  return choices.map((value, i) => ({ value, label: said[i]!.charAt(0).toUpperCase() + said[i]!.slice(1) }))
}

/** Of the field, or of something in it. */
function faultOf(faults: Faults, name: string): string | undefined {
  return faults[name] ?? Object.entries(faults).find(([key]) => key.startsWith(`${name}.`))?.[1]
}

interface FieldProps {
  readonly field: FieldSchema
  readonly value: unknown
  readonly fault: string | undefined
  readonly onChange: (value: unknown) => void
}

function OptionField({ field, value, fault, onChange }: FieldProps) {
  const nullable = field.anyOf?.some(({ type }) => type === 'null') === true
  const bare = field.anyOf?.find(({ type }) => type !== 'null') ?? field
  const { title, description } = field
  const about = { label: title, description, error: fault }
  if (bare.enum !== undefined) {
    const words = wordsIn(bare.enum, description ?? '')
    return (
      <Select
        {...about}
        description={words === null ? description : undefined}
        data={words ?? [...bare.enum]}
        value={typeof value === 'string' ? value : null}
        clearable={nullable}
        allowDeselect={nullable}
        onChange={onChange}
      />
    )
  }
  if (bare.type === 'boolean')
    return (
      <Switch
        label={title}
        description={description}
        error={fault}
        checked={value === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        mt={{ base: 0, sm: 'xl' }}
      />
    )
  if (bare.type === 'number' || bare.type === 'integer')
    return (
      <NumberInput
        {...about}
        value={typeof value === 'number' ? value : ''}
        allowDecimal={bare.type === 'number'}
        onChange={(next) => onChange(typeof next === 'number' ? next : null)}
      />
    )
  if (bare.type === 'array')
    return (
      <TagsInput
        {...about}
        value={Array.isArray(value) ? (value as string[]) : []}
        splitChars={[]}
        onChange={onChange}
      />
    )
  return (
    <TextInput
      {...about}
      value={typeof value === 'string' ? value : ''}
      placeholder={nullable ? 'not set' : undefined}
      onChange={({ currentTarget }) =>
        onChange(nullable && currentTarget.value === '' ? null : currentTarget.value)
      }
    />
  )
}
