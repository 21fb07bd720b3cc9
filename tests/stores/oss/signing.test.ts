import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { expect } from "chai";
import type { Credentials } from "../../../lib/accounts";
import { canonicalRequest, type SignableRequest } from "../../../lib/stores/oss/signing/canonical-request";
import { RequestSigner } from "../../../lib/stores/oss/signing/request-signer";
import { credentialScope, signingKey, stringToSign } from "../../../lib/stores/oss/signing/signature-v4";
import publishedCases from "../../vectors/oss-v4-signatures.json";

/** As a new signer signs: one that has kept no key. */
const signRequest = (request: SignableRequest, credentials: Credentials, region: string, date: Date) =>
    new RequestSigner(region).sign(request, credentials, date);

interface PublishedCase {
    readonly name: string;
    readonly credentials: Credentials;
    readonly region: string;
    readonly timestamp: string;
    readonly request: SignableRequest;
    readonly canonicalRequest: string;
    readonly canonicalRequestSha256: string;
    readonly scope: string;
    readonly stringToSign: string;
    readonly signingKey: string;
    readonly signature: string;
}

function dateOf(timestamp: string): Date {
    return new Date(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

describe("OSS signature version 4", () => {
    for (const published of publishedCases as unknown as PublishedCase[]) {
        describe(`of the published case ${published.name}`, () => {
            const signed = signRequest(
                published.request,
                published.credentials,
                published.region,
                dateOf(published.timestamp),
            );

            it("builds the canonical request", () => {
                const canonical = canonicalRequest({ ...published.request, headers: signed });
                expect(canonical).to.equal(published.canonicalRequest);
                expect(createHash("sha256").update(canonical).digest("hex")).to.equal(published.canonicalRequestSha256);
            });

            it("builds the scope", () => {
                expect(credentialScope(published.timestamp, published.region)).to.equal(published.scope);
            });

            it("builds the string to sign", () => {
                const text = stringToSign(published.timestamp, published.scope, published.canonicalRequest);
                expect(text).to.equal(published.stringToSign);
            });

            it("derives the signing key", () => {
                const key = signingKey(published.credentials.accessKeySecret, published.scope);
                expect(key.toString("hex")).to.equal(published.signingKey);
            });

            it("gives the published signature", () => {
                expect(signed.authorization).to.equal(
                    `OSS4-HMAC-SHA256 Credential=ak/${published.scope},Signature=${published.signature}`,
                );
            });
        });
    }

    it("signs the same request at the same time the same way, and leaves the request as it was", () => {
        const request: SignableRequest = {
            method: "GET",
            resource: "/bucket/",
            query: { encryption: "" },
            headers: Object.freeze({ "content-type": "application/xml" }),
        };
        const date = new Date("2026-11-23T08:09:10.999Z");
        const credentials = { accessKeyId: "id", accessKeySecret: "secret" };
        const first = signRequest(request, credentials, "cn-beijing", date);
        expect(signRequest(request, credentials, "cn-beijing", date)).to.deep.equal(first);
        expect(first["x-oss-date"]).to.equal("20261123T080910Z");
        expect(first).not.to.have.property("x-oss-security-token");
    });

    it("sends the security token of temporary credentials, and signs it", () => {
        const request: SignableRequest = {
            method: "GET",
            resource: "/bucket/",
            query: { encryption: "" },
            headers: {},
        };
        const date = new Date("2026-11-23T08:09:10Z");
        const sign = (securityToken: string) =>
            signRequest(request, { accessKeyId: "id", accessKeySecret: "secret", securityToken }, "cn-beijing", date);
        expect(sign("one")["x-oss-security-token"]).to.equal("one");
        expect(sign("one").authorization).not.to.equal(sign("another").authorization);
    });

    it("gives alternating accounts and days the signatures of new signers, and keeps no secret where an inspection shows it", () => {
        const request: SignableRequest = { method: "GET", resource: "/bucket/", query: {}, headers: {} };
        const signer = new RequestSigner("cn-beijing");
        const accounts = ["one", "other", "one", "one"].map((name) => ({
            accessKeyId: name,
            accessKeySecret: `${name}-secret`,
        }));
        for (const day of ["2026-11-23", "2026-11-24"]) {
            for (const credentials of accounts) {
                const date = new Date(`${day}T08:09:10Z`);
                expect(signer.sign(request, credentials, date)).to.deep.equal(
                    signRequest(request, credentials, "cn-beijing", date),
                );
            }
        }
        expect(inspect(signer, { depth: 5, showHidden: true })).not.to.include("secret");
    });
});
