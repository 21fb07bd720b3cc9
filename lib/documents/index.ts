export { DocumentShape, pathOf, type ShapeFault } from "./document-shape";
export { listSchema, objectSchema, oneOfSchema } from "./object-schema";
export {
    checkedValue,
    type DocumentSource,
    isNestedTooDeeply,
    isYamlNestedTooDeeply,
    parseJson,
    parseYaml,
    readDocument,
    readJson,
    readYaml,
} from "./read-document";
