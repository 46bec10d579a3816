// The page of one-time links: asks what the link is for, and uses it. Everything shown is set as text.
const told = document.querySelector('#told')
const form = document.querySelector('#form')
const key = location.hash.slice(1)

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const found = await answer.json()
  if (!answer.ok) throw new Error(`${found.detail} ${found.advice}`)
  return found
}

/** A part that is not asked for is not sent either. */
function leaveOut(name) {
  document.querySelector(`#${name}-part`).hidden = true
  form.elements[name].disabled = true
}

function ask(link) {
  const place = link.namespace === null ? '' : ` ${link.namespace} as ${link.role}`
  told.textContent = {
    first_admin: 'You will be the first admin of this Sluice. Say who you are.',
    invitation: `${link.email} is invited to${place}.`,
    reset: `Choose another password for ${link.email}.`,
  }[link.kind]
  if (link.kind !== 'first_admin') leaveOut('email')
  if (link.kind === 'reset' || link.known) leaveOut('name')
  if (link.known) leaveOut('password')
  form.hidden = false
}

form.addEventListener('submit', async (submitted) => {
  submitted.preventDefault()
  const given = Object.fromEntries(new FormData(form))
  try {
    const { email, signedIn } = await post('/v1/links/use', { key, ...given })
    form.hidden = true
    history.replaceState(null, '', location.pathname)
    told.textContent = signedIn
      ? `Done: ${email} is signed in.`
      : `Done: ${email} belongs to it now. Sign in with the password you have.`
  } catch (error) {
    told.textContent = error.message
  }
})

try {
  if (key === '')
    throw new Error('This page is opened by a one-time link; sluice user link makes one for the first admin.')
  ask(await post('/v1/links/look', { key }))
} catch (error) {
  told.textContent = error.message
}
