export { canonicalJson } from "./canonical-json";
export { ValueMap } from "./value-map";
