import { expect } from "chai";
import {
    argumentNames,
    canonicalInputs,
    changedProperties,
    DeclarationParser,
    holdsUnknown,
    isKnown,
    isReplacing,
    known,
    lookupNames,
    maybeSecretArguments,
    maybeSecretOutputs,
    notOutputs,
    Place,
    type Properties,
    statePropertiesOf,
    UnfinishedResource,
} from "../../lib/declaration";
import { UserError } from "../../lib/errors";
import { keyIdentity, notYetKnown } from "../../lib/rule";
import { storeFamilies } from "../../lib/stores";

const valid = { bucket: "logs", sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", region: "cn-hangzhou" };
const parser = () => new DeclarationParser({ families: storeFamilies, settings: () => ({}) });
const parsed = (more: Properties = {}) => {
    const { declaration, issues } = parser().parseDeclaration({ ...valid, ...more });
    if (declaration === undefined) throw new Error(JSON.stringify(issues));
    return declaration;
};

describe("the lookup of a rule", () => {
    it("accepts only arguments that reach a bucket", () => {
        expect(lookupNames).to.deep.equal(["bucket", "store", "region", "endpoint", "account", "forcePathStyle"]);
    });

    it("has its arguments in canonical form", () => {
        const raw = { bucket: "logs", region: "cn-hangzhou", endpoint: "", account: undefined };
        expect(parser().parseLookup(raw)).to.deep.equal({
            inputs: { bucket: "logs", region: "cn-hangzhou" },
            issues: [],
        });
    });

    it("rejects arguments of a declaration, misspelt and wrong ones, and a wrong bucket's name at once", () => {
        const { issues } = parser().parseLookup({
            bucket: "No",
            regoin: "cn-hangzhou",
            deletionIsSafe: true,
            region: 7,
        });
        expect(issues.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
            'regoin is not one of the properties of getBucketEncryption; did you mean "region"?',
            "deletionIsSafe is not one of the properties of getBucketEncryption, which are bucket, store, region, endpoint, account, forcePathStyle",
            "region must be a string; found a value of type number",
            `bucket the bucket name "No" has a length of 2; allowed are 3 to 63 characters`,
        ]);
    });

    it("needs no algorithm", () => {
        expect(
            parser()
                .parseLookup({ bucket: "logs" })
                .issues.map(({ path }) => path),
        ).not.to.include("sseAlgorithm");
        expect(
            parser()
                .parseDeclaration({ bucket: "logs" })
                .issues.map(({ path }) => path),
        ).to.include("sseAlgorithm");
    });
});

describe("a declaration", () => {
    it("has every part with its default", () => {
        const { place, reach, ...parts } = parsed();
        expect(parts).to.deep.equal({
            bucket: "logs",
            identity: "oss logs",
            rule: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" },
            account: undefined,
            existingRule: "adopt",
            atLeast: false,
            onDelete: "remove",
            forceDelete: false,
            verifyKey: undefined,
            proveKey: false,
            inputs: valid,
        });
        expect(place).to.include({ bucket: "logs", reach, identity: "oss logs", key: "oss logs Alibaba Cloud" });
        expect(isKnown(parsed())).to.equal(true);
    });

    it("has the declared parts", () => {
        const behaviour = {
            existingRule: "fail",
            atLeast: true,
            onDelete: "restore",
            forceDelete: true,
            verifyKey: false,
            proveKey: true,
        };
        const account = { id: "1000000000000001" };
        expect(parsed({ ...behaviour, account })).to.deep.include({ ...behaviour, account });
    });

    for (const [name, unknown] of [
        ["bucket", ["bucket", "identity", "place"]],
        ["store", ["identity", "reach", "place"]],
        ["region", ["reach", "place"]],
        ["endpoint", ["reach", "place"]],
        ["forcePathStyle", ["reach", "place"]],
        ["account", ["account", "reach", "place"]],
        ["sseAlgorithm", ["rule"]],
        ["kmsMasterKeyId", ["rule"]],
        ["onDelete", ["onDelete"]],
        ["proveKey", ["proveKey"]],
    ] as const) {
        it(`has no known ${unknown.join(", ")} while ${name} is not known`, () => {
            const store = name === "forcePathStyle" ? { store: "s3", region: "eu-central-1" } : {};
            const declaration = parsed({ ...store, [name]: notYetKnown });
            const open = Object.entries(declaration).filter(([, part]) => part === notYetKnown);
            expect(open.map(([part]) => part)).to.have.members([...unknown]);
            expect(isKnown(declaration)).to.equal(false);
        });
    }

    it("has no known place while a part of the account is not known, at any depth", () => {
        const account = { through: [{ roleArn: notYetKnown }] };
        expect(parsed({ account })).to.include({ account: notYetKnown, place: notYetKnown });
    });

    it("rejects an invalid declaration, and one without a known value where it needs one", () => {
        const failure = (properties: Properties) => {
            try {
                parser().parseKnown(properties);
            } catch (error) {
                return error as UserError;
            }
            throw new Error("it is right and known");
        };
        const wrong = failure({ ...valid, onDelete: "keep", proveKey: 1 });
        expect(wrong).to.include({ kind: "invalid-rule" });
        expect(wrong.message).to.match(
            /^The rule cannot be written: onDelete "keep" .*; proveKey must be true or false/,
        );
        expect(wrong.where).to.deep.equal({ bucket: "logs" });
        const open = failure({ ...valid, bucket: notYetKnown });
        expect(open.message).to.match(/^The rule cannot be written: a part of the declaration is not known\./);
        expect(open.where).to.deep.equal({});
        expect(parser().parseKnown(valid).bucket).to.equal("logs");
    });
});

describe("a part of a declaration", () => {
    it("is returned when it is known, and rejected otherwise", () => {
        expect(known("remove")).to.equal("remove");
        expect(() => known(notYetKnown))
            .to.throw(UserError, "A part of the declaration is not known")
            .with.property("kind", "invalid-rule");
    });

    it("is unknown if it, a member or an item is unknown", () => {
        for (const value of [notYetKnown, { a: notYetKnown }, [notYetKnown], { a: [{ b: notYetKnown }] }]) {
            expect(holdsUnknown(value)).to.equal(true);
        }
        for (const value of [undefined, null, "text", {}, [], { a: ["b", null] }]) {
            expect(holdsUnknown(value)).to.equal(false);
        }
    });
});

describe("a state", () => {
    const read = (state: Properties) => parser().parseState({ ...valid, ...state }, "logs");

    it("has the record, and what a deletion needs", () => {
        const { place, properties, ...others } = read({
            previousRule: { sseAlgorithm: "SM4" },
            writtenRule: { sseAlgorithm: "AES256" },
            bucketRegion: "cn-hangzhou",
            unconfirmed: true,
            unrecognized: { Scope: "objects" },
            onDelete: "restore",
            forceDelete: true,
        });
        expect(others).to.deep.equal({
            record: {
                rule: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", unrecognized: { Scope: "objects" } },
                written: { sseAlgorithm: "AES256" },
                previous: { sseAlgorithm: "SM4" },
                region: "cn-hangzhou",
                unconfirmed: true,
            },
            onDelete: "restore",
            forceDelete: true,
        });
        expect(place.bucket).to.equal("logs");
        expect(properties).to.include(valid);
    });

    it("is read without values of an unexpected type", () => {
        const strange = {
            sseAlgorithm: 7,
            previousRule: "SM4",
            bucketRegion: 7,
            unconfirmed: "yes",
            onDelete: "keep",
            forceDelete: "yes",
        };
        const { record, onDelete, forceDelete } = read(strange);
        expect({ record, onDelete, forceDelete }).to.deep.equal({ record: {}, onDelete: "remove", forceDelete: false });
        const rule = {
            kmsMasterKeyId: 7,
            kmsDataEncryption: true,
            bucketKeyEnabled: "true",
            blockedEncryptionTypes: "SSE-C",
        };
        expect(read({ ...rule, unrecognized: { Scope: 7 } }).record).to.deep.equal({ rule: { sseAlgorithm: "KMS" } });
        expect(read({ blockedEncryptionTypes: [7], unrecognized: 7 }).record.rule).to.deep.equal({
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "key-1",
        });
        expect(read({ previousRule: { sseAlgorithm: "" }, bucketRegion: "" }).record).not.to.have.any.keys(
            "previous",
            "region",
        );
    });

    it("has the rule of the record in place of the declared one, and nothing that the record lacks", () => {
        const declared = { ...valid, unrecognized: { old: "field" }, onDelete: "remove" };
        expect(statePropertiesOf(declared, { rule: { sseAlgorithm: "SM4" } })).to.deep.equal({
            bucket: "logs",
            region: "cn-hangzhou",
            onDelete: "remove",
            sseAlgorithm: "SM4",
        });
        const record = { rule: { sseAlgorithm: "SM4" }, previous: { sseAlgorithm: "KMS" }, region: "cn-beijing" };
        expect(statePropertiesOf(valid, { ...record, unconfirmed: true })).to.deep.include({
            previousRule: { sseAlgorithm: "KMS" },
            bucketRegion: "cn-beijing",
            unconfirmed: true,
        });
        expect(statePropertiesOf(valid, { ...record, unconfirmed: false })).not.to.have.property("unconfirmed");
    });

    it("shows its inputs without outputs, but with fields that this version does not know", () => {
        const outputs = { previousRule: {}, bucketRegion: "x", unconfirmed: true };
        expect(notOutputs({ ...valid, ...outputs, unrecognized: {} })).to.deep.equal({ ...valid, unrecognized: {} });
    });
});

describe("a place of a state", () => {
    it("is reached in the region where the bucket was found, if it was found", () => {
        const { places } = parser();
        const place = new Place("logs", places.read({ endpoint: "http://127.0.0.1:1" }));
        expect(places.found(place, undefined).reach).to.equal(place.reach);
        const found = places.found(place, "cn-beijing");
        expect(found.reach.target).to.deep.equal({ ...place.reach.target, likelyRegion: "cn-beijing" });
        expect(found.key).to.equal(place.key);
    });

    it("has the features of what is reached there", () => {
        const features = (properties: Properties) => parser().places.read({ store: "s3", ...properties }).features;
        expect(features({ region: "eu-central-1" }).serviceRule).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(features({ region: "eu", endpoint: "http://127.0.0.1:9000" })).not.to.have.property("serviceRule");
    });

    it("has a name that its kind of store validates, if that kind exists", () => {
        const { places } = parser();
        expect(places.nameIssues("NO", {})).to.have.length(1);
        expect(places.nameIssues("logs", {})).to.deep.equal([]);
        expect(places.nameIssues("NO", { store: "gcs" })).to.deep.equal([]);
    });
});

describe("a value of the wrong type", () => {
    for (const [name, value] of [
        ["region", 7],
        ["endpoint", 7],
        ["bucket", 7],
        ["onDelete", 7],
        ["forceDelete", 7],
        ["kmsMasterKeyId", 7],
    ] as const) {
        it(`is one fault: ${name}`, () => {
            const { issues } = parser().parseDeclaration({ ...valid, [name]: value });
            expect(issues.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([`wrong-type ${name}`]);
        });
    }
});

describe("names by their rows", () => {
    it("are those of arguments whose change replaces the resource", () => {
        expect(argumentNames.filter(isReplacing)).to.deep.equal(["bucket", "store"]);
        expect(isReplacing("other")).to.equal(false);
    });

    it("are those of arguments that may be secret", () => {
        expect(maybeSecretArguments).to.deep.equal(["kmsMasterKeyId"]);
        expect(maybeSecretOutputs).to.deep.equal(["previousRule", "writtenRule"]);
    });
});

describe("the canonical form of properties", () => {
    it("is without empty values, and without null at any depth", () => {
        const account = { id: null, through: [{ a: null, b: "" }, null], empty: undefined };
        expect(canonicalInputs({ a: "", b: null, c: undefined, d: false, account })).to.deep.equal({
            d: false,
            account: { through: [{ b: "" }, null] },
        });
    });

    it("has lists of choices in one order, and other lists as they are", () => {
        const inputs = canonicalInputs({ blockedEncryptionTypes: ["SSE-C", "NONE", "SSE-C"], others: ["b", "a"] });
        expect(inputs).to.deep.equal({ blockedEncryptionTypes: ["NONE", "SSE-C"], others: ["b", "a"] });
    });
});

describe("a comparison of properties", () => {
    it("treats the default store like a missing one", () => {
        expect(changedProperties({ store: "s3" }, {}, keyIdentity, "s3")).to.deep.equal([]);
        expect(changedProperties({ store: "oss" }, {}, keyIdentity, "s3")).to.deep.equal(["store"]);
    });

    it("compares only keys by what they stand for", () => {
        expect(changedProperties({ kmsMasterKeyId: "alias/acs/oss" }, {})).to.deep.equal([]);
        expect(changedProperties({ region: "alias/acs/oss" }, {})).to.deep.equal(["region"]);
    });

    it("finds unknown properties, and a value that is null on one side", () => {
        expect(changedProperties({ other: 1 }, {})).to.deep.equal(["other"]);
        expect(changedProperties({ account: { a: null } }, { account: { a: {} } })).to.deep.equal(["account"]);
    });
});

describe("a comparison with a rule that replaced the written one outside the stack", () => {
    const foreign = { bucket: "logs", sseAlgorithm: "SM4", writtenRule: { sseAlgorithm: "AES256" } };

    it("finds the written rule where exactly the foreign one is declared, also as a minimum", () => {
        const declared = { bucket: "logs", sseAlgorithm: "SM4" };
        expect(changedProperties(foreign, declared)).to.deep.equal(["writtenRule"]);
        expect(changedProperties({ ...foreign, atLeast: true }, { ...declared, atLeast: true })).to.deep.equal([
            "writtenRule",
        ]);
    });

    it("finds what differs where another rule is declared or something else changes", () => {
        expect(changedProperties(foreign, { bucket: "logs", sseAlgorithm: "AES256" })).to.deep.equal(["sseAlgorithm"]);
        expect(changedProperties(foreign, { bucket: "logs", sseAlgorithm: "SM4", onDelete: "retain" })).to.deep.equal([
            "onDelete",
        ]);
    });

    it("finds nothing where the foreign rule satisfies a minimum and is not the declared one, or where there is none", () => {
        const stronger = { ...foreign, sseAlgorithm: "KMS", atLeast: true };
        expect(changedProperties(stronger, { bucket: "logs", sseAlgorithm: "AES256", atLeast: true })).to.deep.equal(
            [],
        );
        const { writtenRule: _, ...own } = foreign;
        expect(changedProperties(own, { bucket: "logs", sseAlgorithm: "SM4" })).to.deep.equal([]);
        const none = { bucket: "logs", writtenRule: foreign.writtenRule };
        expect(changedProperties(none, { bucket: "logs" })).to.deep.equal([]);
    });
});

describe("a comparison with a minimum", () => {
    const declared = { bucket: "logs", sseAlgorithm: "AES256", atLeast: true };
    const strong = { ...declared, sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" };

    it("finds no difference in a stronger rule, and still finds other differences", () => {
        expect(changedProperties(strong, declared)).to.deep.equal([]);
        expect(changedProperties({ ...strong, onDelete: "retain" }, declared)).to.deep.equal(["onDelete"]);
    });

    it("finds a difference in a weaker rule, in a missing one, and while a part of the rule is not known", () => {
        expect(changedProperties(declared, { ...strong, atLeast: true })).to.deep.equal([
            "sseAlgorithm",
            "kmsMasterKeyId",
        ]);
        expect(changedProperties({ bucket: "logs", atLeast: true }, declared)).to.deep.equal(["sseAlgorithm"]);
        expect(changedProperties(strong, { ...declared, kmsDataEncryption: notYetKnown })).to.include("sseAlgorithm");
    });

    it("finds a stronger rule where the rule is no minimum", () => {
        expect(changedProperties(strong, { ...declared, atLeast: false })).to.include("sseAlgorithm");
    });
});

describe("an unfinished resource", () => {
    it("has the cause's message, the state and the id", () => {
        const cause = new UserError("not-converged", "It does not show", {});
        const unfinished = new UnfinishedResource(cause, { bucket: "logs" }, "logs");
        expect(unfinished).to.include({ name: "UnfinishedResource", message: cause.message, cause, id: "logs" });
        expect(unfinished.state).to.deep.equal({ bucket: "logs" });
    });
});
