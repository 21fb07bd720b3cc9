export { DocumentShape, type ShapeFault } from "./document-shape";
export {
    checkedValue,
    type DocumentSource,
    isNestedTooDeeply,
    isYamlNestedTooDeeply,
    parseJson,
    parseYaml,
    readDocument,
} from "./read-document";
