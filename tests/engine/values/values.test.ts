import { expect } from "chai";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { annotateSecrets } from "../../../lib/engine/values/annotate-secrets";
import {
    type CheckpointJson,
    fromCheckpoint,
    maskedSecrets,
    plaintextSecrets,
    type SecretSealer,
    sealedSecrets,
    toCheckpoint,
} from "../../../lib/engine/values/checkpoint-values";
import {
    type PropertyValue,
    ResourceReference,
    Secret,
    Unknown,
    valuesEqual,
} from "../../../lib/engine/values/property-value";
import { signatureKey, signatures, unknownSentinel } from "../../../lib/engine/values/signatures";
import { fromWire, propertiesToStruct, structToProperties } from "../../../lib/engine/values/wire-values";

const everything = { secrets: true, resources: true, unknowns: true };
/** Reverses text, so that sealed values are recognized. */
const mirror: SecretSealer = {
    encrypt: (text) => [...text].reverse().join(""),
    decrypt: (text) => [...text].reverse().join(""),
};

const { value: anyValue } = fc.letrec<{ value: PropertyValue }>((tie) => ({
    value: fc.oneof(
        { depthSize: "small" },
        fc.constant(null),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
        fc.string(),
        fc.constant(Unknown.instance),
        fc.constantFrom(
            new ResourceReference("urn:pulumi:s::p::t::n", "id"),
            new ResourceReference("urn:pulumi:s::p::t::n"),
        ),
        tie("value")
            .filter((value) => !(value instanceof Secret))
            .map((value) => new Secret(value)),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(
            fc.string().filter((key) => key !== "__proto__" && key !== signatureKey),
            tie("value"),
            { maxKeys: 4, noNullPrototype: true },
        ),
    ),
}));

describe("property values", () => {
    it("take what is no list of texts for no dependencies", () => {
        const dependenciesOf = (dependencies: unknown): string[] => {
            const found: string[] = [];
            const json = { [signatureKey]: signatures.outputValue, value: 1, dependencies } as never;
            expect(fromWire(json, (urns) => found.push(...urns))).to.equal(1);
            return found;
        };
        const urn = "urn:pulumi:s::p::t::n";
        expect(dependenciesOf([urn])).to.deep.equal([urn]);
        for (const none of [{ a: [urn] }, 1, [1], [[urn]], null]) expect(dependenciesOf(none)).to.deep.equal([]);
    });

    it("stay equal over gRPC, with secrets, references and unknowns", () => {
        fc.assert(
            fc.property(anyValue, (value) => {
                const bytes = propertiesToStruct({ value }, everything).serializeBinary();
                expect(valuesEqual(structToProperties(Struct.deserializeBinary(bytes)).value, value)).to.equal(true);
            }),
        );
    });

    it("stay equal through a checkpoint", () => {
        fc.assert(
            fc.property(anyValue, (value) => {
                const text = JSON.stringify(toCheckpoint(value, sealedSecrets(mirror)));
                expect(
                    valuesEqual(
                        fromCheckpoint(JSON.parse(text) as CheckpointJson, () => mirror),
                        value,
                    ),
                ).to.equal(true);
            }),
        );
    });

    it("are sent as plain values to receivers without secrets, and unknowns are left out for receivers without them", () => {
        const map = { open: 1, hidden: new Secret("s"), later: Unknown.instance, list: [Unknown.instance, 2] };
        const plain = propertiesToStruct(map, { secrets: false, resources: false, unknowns: true }).toJavaScript();
        expect(plain).to.deep.equal({ open: 1, hidden: "s", later: unknownSentinel, list: [unknownSentinel, 2] });
        const known = propertiesToStruct(map, { secrets: false, resources: false, unknowns: false }).toJavaScript();
        expect(known).to.deep.equal({ open: 1, hidden: "s", list: [2] });
        const reference = { component: new ResourceReference("urn:c"), custom: new ResourceReference("urn:r", "id") };
        expect(
            propertiesToStruct(reference, { secrets: false, resources: false, unknowns: true }).toJavaScript(),
        ).to.deep.equal({ component: "urn:c", custom: "id" });
    });

    it("split output values into value, secrecy and dependencies", () => {
        const dependencies: string[] = [];
        const collect = (urns: readonly string[]): void => void dependencies.push(...urns);
        const output = { [signatureKey]: signatures.outputValue, value: "v", secret: true, dependencies: ["urn:a"] };
        expect(fromWire(output, collect)).to.deep.equal(new Secret("v"));
        expect(fromWire({ [signatureKey]: signatures.outputValue }, collect)).to.equal(Unknown.instance);
        expect(dependencies).to.deep.equal(["urn:a"]);
    });

    it("keep the ciphertext of an unchanged secret, and are masked for people and plain for exports", () => {
        const json = { [signatureKey]: signatures.secret, ciphertext: mirror.encrypt('{"a":1}') };
        const secret = fromCheckpoint(json, () => mirror);
        const noSealer: SecretSealer = { encrypt: () => expect.fail("sealed again"), decrypt: () => "" };
        expect(toCheckpoint(secret, sealedSecrets(noSealer))).to.deep.equal(json);
        expect(toCheckpoint(secret, maskedSecrets)).to.equal("[secret]");
        expect(toCheckpoint(secret, plaintextSecrets)).to.deep.equal({
            [signatureKey]: signatures.secret,
            plaintext: '{"a":1}',
        });
    });

    it("become secrets again where the input of the same key was one", () => {
        const inputs = { a: new Secret(1), b: 2, c: { d: new Secret(3), e: 4 }, f: [new Secret(5)] };
        expect(annotateSecrets({ a: 1, b: 2, c: { d: 3, e: 4 }, f: [5], g: 6 }, inputs)).to.deep.equal({
            a: new Secret(1),
            b: 2,
            c: { d: new Secret(3), e: 4 },
            f: new Secret([5]),
            g: 6,
        });
    });
});
