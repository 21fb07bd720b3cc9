import type { Tags } from "../cloud/stored-object";
import type { XmlNode } from "../xml/xml-writer";
import { readXmlList } from "./read-configuration";

/**
 * The tags of a `Tagging` document, unchecked.
 * @throws OssError MalformedXML
 */
export function readTags(body: Uint8Array): Tags {
    return readXmlList(body, "Tagging/TagSet", "Tag", ["Key", "Value"]).map((entry): readonly [string, string] => [
        entry.get("Key") ?? "",
        entry.get("Value") ?? "",
    ]);
}

export function tagSet(tags: Tags): XmlNode {
    return [
        "TagSet",
        tags.map(
            ([key, value]): XmlNode => [
                "Tag",
                [
                    ["Key", key],
                    ["Value", value],
                ],
            ],
        ),
    ];
}
