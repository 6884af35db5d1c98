/**
 * Lets the forms of our pages be answered by a passkey. Such a form is hidden until this has found that the browser can: it holds the options in
 * `data-options`, and sends what the authenticator answered in its field `response`.
 */
const readers = {
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

async function answer(form) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.textContent = "";
  try {
    const credential = await readers[form.dataset.passkey](JSON.parse(form.dataset.options));
    form.elements.namedItem("response").value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    const isKnown = error instanceof DOMException && error.name === "InvalidStateError";
    trouble.textContent = isKnown ? "This device has a passkey here already." : "No passkey was used. Try again, or go another way.";
  }
}

if (typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function") {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form);
    });
  }
}
