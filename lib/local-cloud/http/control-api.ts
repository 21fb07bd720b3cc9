import { hostName } from "../cloud/host-guard";
import { firstHeader, type RequestBody, type RequestHead, type WireResponse } from "../cloud/wire";
import { LocalCloudConfigurationError } from "../configuration/configuration-error";
import { validateFaults } from "../configuration/faults-validation";
import type { Faults } from "../faults";
import type { Inventories } from "../inventories";
import type { Journal, JournalEntry, JournalFilter } from "../journal";

/** Longer than any list of faults. */
export const controlBodyLimit = 1024 * 1024;

const filters: Readonly<Record<keyof JournalEntry, (text: string) => unknown>> = {
    method: String,
    bucket: String,
    operation: String,
    account: String,
    status: Number,
    fault: String,
};

/**
 * Whether a request is for the control API and not for the cloud. On a loopback address the first segment of a path is
 * a bucket's name, and no bucket is called `-`; under any other host the path is an object's.
 */
export function isControlRequest(head: RequestHead): boolean {
    const host = hostName(firstHeader(head.headers, "host") ?? "") ?? "";
    return head.target.startsWith("/-/") && (/^(127\.[\d.]+|localhost)$/.test(host) || host === "[::1]");
}

/**
 * Faults, journal, inventory lists and health over HTTP, for tests in any language. Its requests do not enter the
 * journal.
 */
export class ControlApi {
    readonly #faults: Faults;
    readonly #journal: Journal;
    readonly #inventories: Inventories;

    constructor(faults: Faults, journal: Journal, inventories: Inventories) {
        this.#faults = faults;
        this.#journal = journal;
        this.#inventories = inventories;
    }

    handle(head: RequestHead, body: RequestBody): WireResponse {
        // A page in a browser sends its origin, and needs a permission to send JSON to another origin.
        if (firstHeader(head.headers, "origin") !== undefined) {
            return failure(403, "Requests from web pages are not served.");
        }
        const mark = head.target.indexOf("?");
        const path = mark < 0 ? head.target : head.target.slice(0, mark);
        const query = new URLSearchParams(mark < 0 ? "" : head.target.slice(mark + 1));
        const id = /^\/-\/faults\/(\d{1,15})$/.exec(path)?.[1];
        switch (`${head.method} ${id === undefined ? path : "/-/faults/<id>"}`) {
            case "GET /-/health":
                return json(200, { status: "ok" });
            case "POST /-/inventories":
                return this.#writeInventories(query);
            case "GET /-/faults":
                return json(200, {
                    faults: this.#faults.list().map(({ id: own, fault, left }) => ({ id: own, ...fault, left })),
                });
            case "POST /-/faults":
                return this.#addFaults(head, body);
            case "DELETE /-/faults":
                this.#faults.clear();
                return json(204);
            case "DELETE /-/faults/<id>":
                return this.#faults.remove(Number(id)) ? json(204) : failure(404, "There is no such fault.");
            case "GET /-/journal":
                return this.#readJournal(query);
            case "DELETE /-/journal":
                this.#journal.clear();
                return json(204);
            default:
                return failure(
                    404,
                    "The control API has GET /-/health, GET, POST and DELETE /-/faults, GET and DELETE /-/journal, and POST /-/inventories.",
                );
        }
    }

    #addFaults(head: RequestHead, body: RequestBody): WireResponse {
        if (firstHeader(head.headers, "content-type")?.startsWith("application/json") !== true) {
            return failure(415, "Content-Type must be application/json.");
        }
        if (body === "too large") {
            return failure(413, `The body must not be longer than ${controlBodyLimit} bytes.`);
        }
        let given: unknown;
        try {
            given = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
        } catch {
            return failure(400, "The body is not valid JSON.");
        }
        const isList = typeof given === "object" && given !== null && "faults" in given;
        try {
            const faults = validateFaults(isList ? given : { faults: [given] }, "The body");
            return json(201, { ids: faults.map((fault) => this.#faults.activate(fault).id) });
        } catch (error) {
            if (error instanceof LocalCloudConfigurationError) {
                return failure(400, error.message);
            }
            throw error;
        }
    }

    #writeInventories(query: URLSearchParams): WireResponse {
        const bucket = query.get("bucket");
        if (bucket === null) {
            return failure(400, "The parameter bucket is missing.");
        }
        const written = this.#inventories.write(bucket, query.get("id") ?? undefined);
        return typeof written === "string" ? failure(404, written) : json(201, { written });
    }

    #readJournal(query: URLSearchParams): WireResponse {
        const filter: Record<string, unknown> = {};
        for (const [name, text] of query) {
            if (!Object.hasOwn(filters, name)) {
                return failure(400, `The journal is filtered by ${Object.keys(filters).join(", ")} only.`);
            }
            filter[name] = filters[name as keyof JournalEntry](text);
        }
        const entries = this.#journal.entries(filter as JournalFilter);
        return json(200, { count: entries.length, entries });
    }
}

function failure(status: number, message: string): WireResponse {
    return json(status, { message });
}

function json(status: number, document?: unknown): WireResponse {
    const body = Buffer.from(document === undefined ? "" : `${JSON.stringify(document)}\n`, "utf8");
    const headers: [string, string][] =
        status === 204
            ? []
            : [
                  ["Content-Type", "application/json"],
                  ["Content-Length", String(body.byteLength)],
              ];
    return { status, headers, body };
}
