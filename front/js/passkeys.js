/* Passkeys: <form data-passkey="create|get|login"> with a hidden field `credential` and a button data-asks. */

const words = {
  address: "Passkeys need a name, not a number: open this page by its host name, such as localhost.",
  NotAllowedError: "Nothing came from your device: it was closed, or took too long. Try once more.",
  InvalidStateError: "This device is kept already.",
  SecurityError: "Your browser does not allow passkeys at this address.",
};

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withId = (one) => ({ ...one, id: fromText(one.id) });

function readCreation({ publicKey: options }) {
  return {
    ...options,
    challenge: fromText(options.challenge),
    user: withId(options.user),
    excludeCredentials: (options.excludeCredentials ?? []).map(withId),
  };
}

function readRequest({ publicKey: options }) {
  return { ...options, challenge: fromText(options.challenge), allowCredentials: (options.allowCredentials ?? []).map(withId) };
}

/** What the server wants to read: every buffer as base64url. */
function written(credential) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const parts = names.filter((name) => credential.response[name]).map((name) => [name, toText(credential.response[name])]);
  const response = Object.fromEntries(parts);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function create(form, given) {
  const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
  const publicKey = readCreation(given);
  const choice = { ...publicKey.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) choice.userVerification = "required";
  return navigator.credentials.create({ publicKey: { ...publicKey, authenticatorSelection: choice } });
}

async function offered(form) {
  const stored = document.getElementById("passkey-options");
  if (stored) return JSON.parse(stored.textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("The server did not answer. Try again in a moment.");
  return response.json();
}

async function ask(form) {
  if (/^[\d.]+$|^\[/.test(location.hostname)) throw new Error(words.address);
  const data = await offered(form);
  const credential =
    form.dataset.passkey === "create"
      ? await create(form, data.creation_options)
      : await navigator.credentials.get({ publicKey: readRequest(data.request_options) });
  form.querySelector("[name=credential]").value = JSON.stringify(written(credential));
  form.submit();
}

async function tryTo(form, button) {
  const error = form.querySelector("[role=alert][hidden], .err[data-said]");
  button.disabled = true;
  try {
    await ask(form);
  } catch (problem) {
    error.textContent = words[problem.name] ?? problem.message;
    error.dataset.said = "";
    error.hidden = false;
    button.disabled = false;
  }
}

export function startPasskeys() {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    const button = form.querySelector("[data-asks]");
    button.addEventListener("click", () => tryTo(form, button));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      tryTo(form, button);
    });
  });
}
