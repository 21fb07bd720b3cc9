import {
    type DeploymentJson,
    engineVersion,
    manifestMagic,
    newManifest,
    usedFeatures,
} from "../state/checkpoint-format";
import { readExport } from "../state/exported-state";
import { stateToJson } from "../state/resource-state";
import { StackLock } from "../state/stack-lock";
import { plaintextSecrets, sealedSecrets } from "../values/checkpoint-values";
import { type StackSession, statesOf } from "./stack-session";

/** What `stack export` writes. */
export interface ExportedState {
    readonly version: number;
    /** The features that readers of a state of version 4 must support. */
    readonly features?: readonly string[];
    readonly deployment: DeploymentJson;
}

/** @param showSecrets whether secrets are written in plain text */
export async function exportState(session: StackSession, showSecrets: boolean): Promise<ExportedState> {
    const { deployment } = session.readState();
    if (deployment === undefined) {
        const manifest = { time: "0001-01-01T00:00:00Z", magic: manifestMagic(engineVersion), version: engineVersion };
        return { version: 3, deployment: { manifest } };
    }
    const features = usedFeatures(deployment);
    const header = features.length > 0 ? { version: 4, features } : { version: 3 };
    if (!showSecrets) return { ...header, deployment };
    const states = statesOf(deployment, await session.stateSealer(deployment));
    return {
        ...header,
        deployment: { ...deployment, resources: states.map((state) => stateToJson(state, plaintextSecrets)) },
    };
}

/**
 * Replaces the stack's state, even if the present one cannot be read.
 * @returns what was dropped, in words
 * @throws UserError `invalid-import`
 */
export async function importState(session: StackSession, text: string, force: boolean): Promise<string[]> {
    const lock = StackLock.acquire(session.session.backend, session.stack);
    try {
        const { deployment, dropped } = readExport(text, session.stack, force);
        const sealer = await session.stateSealer(deployment);
        const resources = statesOf(deployment, sealer, "invalid-import").map((state) =>
            stateToJson(state, sealedSecrets(sealer)),
        );
        session.store.replace({
            ...deployment,
            manifest: newManifest(new Date()),
            secrets_providers: { type: "passphrase", state: { salt: sealer.salt } },
            ...(resources.length === 0 ? {} : { resources }),
        });
        return dropped;
    } finally {
        lock.release();
    }
}
