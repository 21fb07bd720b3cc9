export { canonicalJson } from "./canonical-json";
export { percentEncoded } from "./percent-encoded";
export { ValueMap } from "./value-map";
