import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import type { Credentials } from "../credential-source";
import type { RoleSession } from "../role-session";

const cipher = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;
/** Part of every name: packages of different versions, which may meet in one rollout, share nothing if this differs. */
const format = "2";

/**
 * Seals a session with the request that would assume it, the caller's secret included. So only a process that could assume the role
 * itself can open it, and a process that keeps or carries it learns nothing.
 */
export class SessionSeal {
    readonly #secret: Buffer;

    /** @param request everything that decides on the session: where it is asked for, its parameters, and the caller's secret */
    constructor(request: readonly unknown[]) {
        this.#secret = createHash("sha256").update(JSON.stringify(request)).digest();
    }

    /** The name that the session is kept by. It shows nothing of the request. */
    get name(): string {
        return this.#derived("name").toString("hex");
    }

    /** Tells one session of the role from another. */
    idOf({ securityToken }: Credentials): string {
        return this.#derived(`id ${securityToken}`).toString("hex");
    }

    close(session: RoleSession): string {
        const iv = randomBytes(ivBytes);
        const sealing = createCipheriv(cipher, this.#derived("key"), iv, { authTagLength: tagBytes });
        const text = Buffer.concat([sealing.update(JSON.stringify(session), "utf8"), sealing.final()]);
        return Buffer.concat([iv, sealing.getAuthTag(), text]).toString("base64");
    }

    /** @returns `undefined` for a text that was not sealed by the same request, or was changed */
    open(sealed: string): RoleSession | undefined {
        const bytes = Buffer.from(sealed, "base64");
        const iv = bytes.subarray(0, ivBytes);
        const tag = bytes.subarray(ivBytes, ivBytes + tagBytes);
        try {
            const opening = createDecipheriv(cipher, this.#derived("key"), iv, { authTagLength: tagBytes });
            opening.setAuthTag(tag);
            const text = opening.update(bytes.subarray(ivBytes + tagBytes), undefined, "utf8") + opening.final("utf8");
            const { credentials, expiresAt, renewAt } = JSON.parse(text);
            return { credentials, expiresAt: new Date(expiresAt), renewAt: new Date(renewAt) };
        } catch {
            return undefined;
        }
    }

    #derived(purpose: string): Buffer {
        return createHmac("sha256", this.#secret).update(`${format} ${purpose}`).digest();
    }
}
