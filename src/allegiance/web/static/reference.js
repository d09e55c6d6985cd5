// The interface's reference, drawn from its own OpenAPI document.
import { byId, details, el } from "./dom.js";

const document_ = await (await fetch("/api/openapi.json")).json();
const schema = (name) => JSON.stringify(document_.components.schemas[name], null, 1);
const named = (ref) => ref?.["$ref"]?.split("/").at(-1);

for (const [path, methods] of Object.entries(document_.paths)) {
  for (const [method, about] of Object.entries(methods)) {
    const body = named(about.requestBody?.content["application/json"].schema);
    const answers = Object.entries(about.responses).map(([code, response]) => {
      const name = named(response.content?.["application/json"]?.schema);
      return el("li", {}, `${code} ${response.description}${name ? `: ${name}` : ""}`);
    });
    byId("paths").append(details(`${method.toUpperCase()} ${path}`, el("p", {}, about.description ?? about.summary),
      ...(about.parameters ?? []).map((p) => el("p", {}, el("code", {}, p.name), ` in ${p.in}${p.required ? ", required" : ""}`)),
      ...(body ? [el("p", {}, `Body: ${body}`), el("pre", { tabindex: "0" }, schema(body))] : []),
      el("ul", {}, answers)));
  }
}
