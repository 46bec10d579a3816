// The editor behind code.tsx (CodeMirror). Its styles carry the nonce of the page, its colours follow light and dark.
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { tags } from '@lezer/highlight'
import { useComputedColorScheme } from '@mantine/core'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useRef } from 'react'
import type { CodeProps } from './code.tsx'

export function CodeEditor({ text, label, onChange, faultAt }: CodeProps) {
  const dark = useComputedColorScheme('light') === 'dark'
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const tell = useRef(onChange)
  useEffect(() => {
    tell.current = onChange
  }, [onChange])
  const canEdit = onChange !== undefined
  useEffect(() => {
    if (place.current === null) return
    const editor = new EditorView({
      parent: place.current,
      // What was typed outlives a change of colours.
      doc: view.current?.state.doc ?? text,
      extensions: [
        EditorView.cspNonce.of(pageNonce()),
        basicSetup,
        yaml(),
        syntaxHighlighting(dark ? darkWords : lightWords),
        lookOf(dark),
        EditorView.lineWrapping,
        EditorView.editable.of(canEdit),
        EditorView.contentAttributes.of({ 'aria-label': label, ...(canEdit ? {} : { tabindex: '0' }) }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) tell.current?.(state.doc.toString())
        }),
      ],
    })
    view.current = editor
    // Whoever cannot edit must be able to scroll by keys as well.
    editor.scrollDOM.tabIndex = 0
    return () => editor.destroy()
    // The text is replaced below; building the editor anew would lose the place of the caret.
  }, [dark, canEdit, label])
  useEffect(() => {
    const doc = view.current?.state.doc
    if (doc === undefined || doc.toString() === text) return
    view.current?.dispatch({ changes: { from: 0, to: doc.length, insert: text } })
  }, [text])
  useEffect(() => {
    const editor = view.current
    if (editor === null || faultAt === undefined || faultAt > editor.state.doc.lines) return
    const { from, to } = editor.state.doc.line(faultAt)
    editor.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true })
  }, [faultAt])
  return <div ref={place} />
}

function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

function lookOf(dark: boolean) {
  return EditorView.theme(
    {
      '&': {
        border: '1px solid var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-md)',
        fontSize: '13px',
        overflow: 'hidden',
      },
      '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '1px' },
      '.cm-scroller': {
        fontFamily: 'var(--mantine-font-family-monospace)',
        lineHeight: '1.55',
        maxHeight: '68vh',
        overflow: 'auto',
      },
      '.cm-gutters': {
        background: dark ? 'var(--mantine-color-dark-8)' : 'var(--mantine-color-gray-0)',
        color: 'var(--mantine-color-dimmed)',
        border: 'none',
      },
      '.cm-activeLine, .cm-activeLineGutter': { background: dark ? '#ffffff0a' : '#0000000a' },
      '.cm-content': { caretColor: 'var(--mantine-color-text)', padding: '8px 0' },
    },
    { dark },
  )
}

/** Colours that can be read on the ground of each scheme (WCAG AA). */
function wordsOf(name: string, text: string, value: string, remark: string): HighlightStyle {
  return HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: name },
    { tag: [tags.string, tags.content], color: text },
    { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: value },
    { tag: tags.comment, color: remark, fontStyle: 'italic' },
  ])
}

const lightWords = wordsOf('#0b7285', '#2b2b2b', '#9c36b5', '#5c636a')
const darkWords = wordsOf('#66d9e8', '#e3e3e3', '#e599f7', '#a6acb3')
