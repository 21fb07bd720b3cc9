import type { EnvironmentOptions } from "../../lib/local-cloud/cloud/environment";
import { CloudState } from "../../lib/local-cloud/cloud/state";
import type { PreparedCall, RequestHead, WireResponse } from "../../lib/local-cloud/cloud/wire";
import { CloudCore } from "../../lib/local-cloud/cloud-core";
import { type AccountsDocument, defaultAccounts } from "../../lib/local-cloud/configuration/accounts-document";
import { readXml, type XmlElement } from "../../lib/local-cloud/xml/xml-reader";
import { type RequestSpec, signedRequest } from "./signed-request";

export const testTime = Date.parse("2026-11-23T12:00:00.000Z");
export const ownerAccount = "1000000000000001";
export const strangerAccount = "1000000000000002";

/** The keys that tests encrypt with. */
export const testKeys = [{ id: "key-1" }, { id: "key-2" }];

/** Two accounts; the second signs with `strangers`. */
export const twoAccounts: AccountsDocument = {
    accounts: [
        ...defaultAccounts.accounts.map((account) => ({ ...account, keys: testKeys })),
        { id: strangerAccount, accessKeys: [{ id: "stranger-id", secret: "stranger-secret" }] },
    ],
};

export const asStranger = { accessKeyId: "stranger-id", secret: "stranger-secret" };

/** A response with its document read. */
export interface Answer {
    readonly status: number;
    readonly headers: ReadonlyMap<string, string>;
    readonly text: string;
    readonly body: Uint8Array;
    /** Of an error, from its body or, after HEAD, from its header. */
    readonly code: string | undefined;
    readonly ec: string | undefined;
    readonly message: string | undefined;
    /** The texts of the document's elements by path below its root; of repeated ones the last. */
    readonly elements: ReadonlyMap<string, string>;
}

/** The core without a socket, at a fixed time and with ids that count. */
export class CoreUnderTest {
    now = testTime;
    readonly state: CloudState;
    readonly #core: CloudCore;

    constructor(accounts: AccountsDocument = twoAccounts, options: EnvironmentOptions = {}) {
        this.state = new CloudState(accounts, testTime);
        let ids = 0;
        this.#core = new CloudCore(this.state, {
            ...options,
            now: () => this.now,
            newId: () => (++ids).toString(16).toUpperCase().padStart(24, "0"),
        });
    }

    prepare(head: RequestHead): PreparedCall {
        return this.#core.prepare(head);
    }

    raw(head: RequestHead, body: string | Uint8Array = ""): Answer {
        return readAnswer(this.prepare(head).run(Buffer.from(body)));
    }

    /** Signs and sends. */
    send(spec: Partial<RequestSpec>, body: string | Uint8Array = ""): Answer {
        return this.raw(signedRequest({ time: this.now, ...spec }), body);
    }

    /** A bucket of the owner, made by request. */
    bucket(name: string, region?: string): void {
        const { status } = this.send({ method: "PUT", bucket: name, ...(region !== undefined && { region }) });
        if (status !== 200) {
            throw new Error(`PutBucket ${name}: ${status}`);
        }
    }
}

export function readAnswer({ status, headers, body }: WireResponse): Answer {
    const byName = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
    const inHeader = byName.get("x-oss-err");
    const document = inHeader === undefined ? body : Buffer.from(inHeader, "base64");
    const isXml = inHeader !== undefined || byName.get("content-type") === "application/xml";
    const root = isXml && document.byteLength > 0 ? readXml(document) : undefined;
    const elements = new Map<string, string>();
    const collect = (element: XmlElement, path: string) => {
        elements.set(path, element.text);
        for (const child of element.children) {
            collect(child, path === "" ? child.name : `${path}/${child.name}`);
        }
    };
    if (root !== undefined) {
        collect(root, "");
    }
    const isError = root?.name === "Error";
    return {
        status,
        headers: byName,
        text: Buffer.from(body).toString("utf8"),
        body,
        code: isError ? elements.get("Code") : undefined,
        ec: isError ? elements.get("EC") : undefined,
        message: isError ? elements.get("Message") : undefined,
        elements,
    };
}

/** The part of an error that callers can rely on. */
export function refusal({ status, code, ec }: Answer): { status: number; code: string | undefined; ec?: string } {
    return ec === undefined ? { status, code } : { status, code, ec };
}
