import { readXml, type XmlElement, XmlReadError } from "../xml/xml-reader";
import { OssError } from "./errors";

/**
 * The texts of a configuration document, by element.
 * verified with every official SDK: elements come in any order.
 * documented (sample of PutBucketEncryption): an empty element is an absent one.
 * assumed: an unknown or repeated element, or a missing container, is MalformedXML.
 * @param path the containers, from the root, that hold the elements: `A/B`
 */
export function readConfiguration(
    body: Uint8Array,
    path: string,
    elements: readonly string[],
): ReadonlyMap<string, string> {
    return textsOf(container(body, path.split("/")), elements);
}

/**
 * The texts of each of the elements of one name that a container holds, and nothing else.
 * @param path the containers, from the root
 */
export function readXmlList(
    body: Uint8Array,
    path: string,
    name: string,
    elements: readonly string[],
): ReadonlyMap<string, string>[] {
    return container(body, path.split("/")).children.map((child) => {
        if (child.name !== name) {
            throw new OssError("malformedXml");
        }
        return textsOf(child, elements);
    });
}

/** A document's root, which has to have this name. */
export function readXmlRoot(body: Uint8Array, name: string): XmlElement {
    return container(body, [name]);
}

function textsOf({ children }: XmlElement, elements: readonly string[]): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    for (const { name, text, children: inner } of children) {
        if (!elements.includes(name) || values.has(name) || inner.length > 0) {
            throw new OssError("malformedXml");
        }
        values.set(name, text);
    }
    return new Map([...values].filter(([, text]) => text !== ""));
}

function container(body: Uint8Array, [rootName, ...inner]: readonly string[]): XmlElement {
    let element = parse(body);
    if (element.name !== rootName) {
        throw new OssError("malformedXml");
    }
    for (const name of inner) {
        const [child, ...others] = element.children;
        if (child?.name !== name || others.length > 0) {
            throw new OssError("malformedXml");
        }
        element = child;
    }
    return element;
}

function parse(body: Uint8Array): XmlElement {
    try {
        return readXml(body);
    } catch (error) {
        if (error instanceof XmlReadError) {
            throw new OssError("malformedXml", [["ErrorDetail", error.message]]);
        }
        throw error;
    }
}
