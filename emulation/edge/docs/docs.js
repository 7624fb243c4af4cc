// Shows the API's document with Swagger UI, and makes "Execute" work against this stack.
/* global SwaggerUIBundle */

// Swagger UI is dark where <html> has this class.
const dark = matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followTheme);
followTheme();

// Who signs in or refreshes here is signed in here.
const signIn = (response) => {
  const token = /\/auth\/(login|refresh)$/.test(response.url) && response.body?.data?.accessToken;
  if (token) docs.preauthorizeApiKey("bearer", token);
  return response;
};

// A path is shown inside of a button: a link in there cannot be reached by keyboard or told by a screen reader.
const plainPaths = ({ React }) => ({
  components: { DeepLink: ({ text }) => React.createElement("span", null, text) },
});

// What Swagger UI leaves without a name, or out of reach for the keyboard.
const MENDS = [
  ["#servers", "aria-label", "Server"],
  [".examples-select-element", "aria-label", "Example"],
  [".body-param textarea", "aria-label", "Request body"],
  [".operation-filter-input", "aria-label", "Filter by tag or path"],
  [".microlight", "tabindex", "0"],
];
const mend = () => {
  for (const [selector, attribute, value] of MENDS) {
    document.querySelectorAll(`${selector}:not([${attribute}])`).forEach((element) => element.setAttribute(attribute, value));
  }
};
new MutationObserver(mend).observe(document.querySelector("#docs"), { childList: true, subtree: true });

const docs = SwaggerUIBundle({
  url: "/_local/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  plugins: [plainPaths],
  responseInterceptor: signIn,
  tryItOutEnabled: true,
  validatorUrl: null,
});
