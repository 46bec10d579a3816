// How commands name the operations of the API: by method and path, with types that are generated from the OpenAPI document.
import type { Operations } from '../client/operations.gen.ts'

export type Method = keyof Operations

/** Inside the namespace a path is written without its beginning: `/runs/{run}`. The others are whole: `/v1/users`. */
type Short<P> = P extends `/v1/namespaces/{namespace}/${infer Rest}` ? `/${Rest}` : P
type ByPath<M extends Method> = { [P in keyof Operations[M] as Short<P>]: Operations[M][P] }

/** The paths that can be asked with a method. */
export type Path<M extends Method> = keyof ByPath<M> & string

/** What an operation answers when it went well. */
export type Answer<M extends Method, P extends Path<M>> = Part<ByPath<M>[P], 'answer'>

/** The body an operation asks for. */
export type Body<M extends Method, P extends Path<M>> = Loose<Part<Part<ByPath<M>[P], 'given'>, 'body'>>

/** The type of a part that may be left out; never where there is none. */
type Part<T, K extends string> = K extends keyof T ? Exclude<T[K], undefined> : never

/**
 * Everything an operation is given, in one object: what stands in its path and its query under their names, the body as `body`, and as
 * `ifMatch` the mark of what is changed, so that it is changed only if it is still as it was looked at.
 */
export type Given<M extends Method, P extends Path<M>> = Places<Part<ByPath<M>[P], 'given'>, P> &
  Asked<Part<Part<ByPath<M>[P], 'given'>, 'query'>> &
  Bodied<Part<ByPath<M>[P], 'given'>> &
  Marked<Part<Part<ByPath<M>[P], 'given'>, 'headers'>>

/** The client knows its namespace; only what is about a namespace itself is told which. */
type Places<T, P extends string> = [Part<T, 'path'>] extends [never]
  ? unknown
  : {
      readonly [
        K in keyof Part<T, 'path'> as P extends `/v1/namespaces/{namespace}${string}`
          ? K
          : Exclude<K, 'namespace'>
      ]: string | number
    }

/** What was typed is passed on: of numbers and choices the server is the judge, and its refusal names what there is. */
type Asked<T> = [T] extends [never] ? unknown : Loose<{ [K in keyof T]: AsTyped<T[K]> }>
type AsTyped<T> = T extends readonly (infer E)[] ? readonly AsTyped<E>[] : string | number | boolean

/** A body in which everything may be left out may be left out itself. */
type Bodied<T> = [Part<T, 'body'>] extends [never]
  ? unknown
  : object extends Part<T, 'body'>
    ? { readonly body?: Loose<Part<T, 'body'>> }
    : { readonly body: Loose<Part<T, 'body'>> }

type Marked<T> = 'if-match' extends keyof T ? { readonly ifMatch?: string } : unknown

/** JSON leaves out what is undefined, so an optional part may be that too; and nothing here is changed on its way. */
export type Loose<T> = T extends readonly (infer E)[]
  ? readonly Loose<E>[]
  : T extends object
    ? { readonly [K in keyof T]: object extends Pick<T, K> ? Loose<T[K]> | undefined : Loose<T[K]> }
    : T
