import { UserError } from "../../errors";
import { loadProject, type Project } from "../project/project-file";
import { StackSettings } from "../project/stack-settings";
import { PassphraseSealer } from "../secrets/passphrase-sealer";
import { passphraseFromEnvironment } from "../secrets/passphrase-source";
import { BackendFolder } from "../state/backend-folder";
import type { DeploymentJson } from "../state/checkpoint-format";
import { CheckpointStore, type LoadedCheckpoint } from "../state/checkpoint-store";
import { currentStackName, loggedInBackend } from "../state/current-stack";
import { type ResourceState, stateFromJson } from "../state/resource-state";
import { parseStackName, type StackReference } from "../state/stack-reference";
import type { SecretSealer } from "../values/checkpoint-values";

/** A project and the place where its stacks' states are. */
export interface ProjectSession {
    readonly project: Project;
    readonly backend: BackendFolder;
    readonly environment: NodeJS.ProcessEnv;
    /** The folder that the command runs in. */
    readonly workingFolder: string;
    /** Takes what a user should know outside an operation. */
    readonly warn: (message: string) => void;
}

/** @param settingsFolder the folder of `Pulumi.<stack>.yaml`; by default the one that the project names */
export function openProject(
    workingFolder: string,
    environment: NodeJS.ProcessEnv,
    warn: (message: string) => void,
    settingsFolder?: string,
): ProjectSession {
    const loaded = loadProject(workingFolder);
    const project = settingsFolder === undefined ? loaded : { ...loaded, stackSettingsFolder: settingsFolder };
    const url = environment.PULUMI_BACKEND_URL || project.backendUrl || loggedInBackend(environment);
    if (url === undefined) throw new UserError("invalid-backend", "No place for states is set");
    return { project, backend: BackendFolder.open(url, workingFolder), environment, workingFolder, warn };
}

/** One stack of a project: its settings, its state, its secrets. */
export class StackSession {
    readonly store: CheckpointStore;
    readonly #sealers = new Map<string, Promise<PassphraseSealer>>();
    #loadedSettings: StackSettings | undefined;

    private constructor(
        readonly session: ProjectSession,
        readonly stack: StackReference,
    ) {
        this.store = new CheckpointStore(session.backend, stack);
    }

    /**
     * @param name a stack's name; by default the selected stack
     * @throws UserError `stack-not-found`
     */
    static open(session: ProjectSession, name: string | undefined): StackSession {
        const chosen = name ?? currentStackName(session.project, session.environment);
        if (chosen === undefined || chosen === "") {
            throw new UserError(
                "stack-not-found",
                "no stack selected",
                {},
                { cure: "Select one with `pulumi-embedded stack select NAME`, or name it with --stack." },
            );
        }
        const stack = parseStackName(chosen, session.project.name);
        if (!session.backend.exists(stack)) throw new UserError("stack-not-found", `no stack named '${chosen}' found`);
        return new StackSession(session, stack);
    }

    /** The state for commands that only look. @throws as CheckpointStore.read */
    readState(): LoadedCheckpoint {
        const loaded = this.store.read();
        if (loaded.warning !== undefined) this.session.warn(loaded.warning);
        return loaded;
    }

    get settings(): StackSettings {
        this.#loadedSettings ??= StackSettings.load(this.session.project, this.stack.name);
        return this.#loadedSettings;
    }

    /** Encrypts and decrypts the configuration. A stack without a salt gets one. */
    async settingsSealer(): Promise<PassphraseSealer> {
        const salt = this.settings.encryptionSalt;
        if (salt !== undefined) return await this.#sealer(salt);
        const created = await PassphraseSealer.create(passphraseFromEnvironment(this.session.environment));
        this.#sealers.set(created.salt, Promise.resolve(created));
        this.settings.encryptionSalt = created.salt;
        this.settings.save();
        return created;
    }

    /** Decrypts a state. A state without a secrets provider uses the sealer of the configuration. */
    async stateSealer(deployment: DeploymentJson | undefined): Promise<PassphraseSealer> {
        const provider = deployment?.secrets_providers;
        if (provider === undefined || provider.type === "") return await this.settingsSealer();
        const salt = (provider.state as { salt?: unknown } | undefined)?.salt;
        if (provider.type !== "passphrase" || typeof salt !== "string") {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The secrets provider "${provider.type}" of the state is not supported by pulumi-embedded, only passphrases are`,
            );
        }
        return await this.#sealer(salt);
    }

    #sealer(salt: string): Promise<PassphraseSealer> {
        const known =
            this.#sealers.get(salt) ?? PassphraseSealer.open(salt, passphraseFromEnvironment(this.session.environment));
        // The await below gets the failure.
        known.catch(() => {});
        this.#sealers.set(salt, known);
        return known;
    }
}

/**
 * The resources of a deployment as the engine holds them.
 * @param kind the error of a value that no engine writes
 * @throws UserError of that kind, `secret-unreadable`
 */
export function statesOf(
    deployment: DeploymentJson | undefined,
    sealer: SecretSealer,
    kind: "invalid-checkpoint" | "invalid-import" = "invalid-checkpoint",
): ResourceState[] {
    return (deployment?.resources ?? []).map((resource) => {
        try {
            return stateFromJson(resource, () => sealer);
        } catch (cause) {
            if (cause instanceof UserError) throw cause;
            // The values of properties have no schema: a known signature may stand beside anything.
            throw new UserError(
                kind,
                "A property holds a value that cannot be read",
                { resource: resource.urn },
                { cause },
            );
        }
    });
}
