export { DocumentShape, type ShapeFault } from "./document-shape";
export { isYamlNestedTooDeeply } from "./nesting";
export { checkedValue, type DocumentSource, parseJson, parseYaml, readDocument } from "./read-document";
