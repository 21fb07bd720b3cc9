export { DocumentShape, type ShapeFault } from "./document-shape";
export { checkedValue, type DocumentSource, parseJson, parseYaml, readDocument } from "./read-document";
