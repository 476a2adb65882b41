// Shows the documents that the page links to.
const documents = [...document.querySelectorAll("[data-document]")].map((link) => ({ url: link.href, name: link.dataset.document }));
SwaggerUIBundle({
  urls: documents,
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  docExpansion: "list",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
