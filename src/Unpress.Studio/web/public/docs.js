// The page to try the interface: Scalar, served from here, without its fonts and its telemetry.
Scalar.createApiReference("#reference", {
  url: "/openapi/v1.json", withDefaultFonts: false, telemetry: false, hideClientButton: true, showDeveloperTools: "never", agent: { disabled: true }, mcp: { disabled: true }, proxyUrl: "",
});
