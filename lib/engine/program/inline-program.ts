import { createRequire } from "node:module";
import type { Client } from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { UserError } from "../../errors";
import { Deferred } from "../deployment/deferred";
import { resolveSdk } from "../processes/sdk-location";
import { organization } from "../state/stack-reference";
import type { Program, ProgramEnd, ProgramSettings } from "./node-program";

/** Declares resources; what it returns are the stack's outputs. */
export type ProgramFunction = () => Promise<Record<string, unknown>> | Promise<void>;

/** The part of the SDK's automation API that runs a function as a program (sdk/nodejs/automation/server.ts). */
interface LanguageServer {
    run(
        call: { request: language.RunRequest },
        callback: (error: unknown, response?: language.RunResponse) => void,
    ): unknown;
}

/** The part of the SDK's state of one program that the end of the program needs (sdk/nodejs/runtime/state.ts). */
interface ProgramState {
    readonly settings: { readonly monitor?: Partial<Client>; readonly engine?: Partial<Client> };
}

/** How long a cancelled program may take to end, in milliseconds; it cannot be killed. */
const endLimitMs = 500;

/** A function of this process that runs as a stack's program, by the SDK's own automation API. */
export class InlineProgram implements Program {
    private constructor(readonly ended: Promise<ProgramEnd>) {}

    /** @throws UserError `program-failed` when the SDK is not installed */
    static start(settings: ProgramSettings, program: ProgramFunction): InlineProgram {
        const { project, address, config } = settings;
        const module = resolveSdk(project.programFolder, "automation/server");
        const fromSdk = createRequire(module);
        const sdk = fromSdk(module) as { LanguageServer: new (program: ProgramFunction) => LanguageServer };
        const { getLocalStore } = fromSdk("../runtime/state") as { getLocalStore(): ProgramState | undefined };
        const request = new language.RunRequest();
        request.setProject(project.name);
        request.setStack(settings.stack);
        request.setOrganization(organization);
        request.setParallel(settings.parallel);
        request.setDryrun(settings.preview);
        request.setMonitorAddress(address);
        request.setArgsList([address]);
        for (const [key, { text, secret }] of config) {
            request.getConfigMap().set(key, text);
            if (secret) request.addConfigsecretkeys(key);
        }
        const ended = new Deferred<ProgramEnd>();
        let state: ProgramState | undefined;
        const noting = (): ReturnType<ProgramFunction> => {
            state = getLocalStore();
            return program();
        };
        new sdk.LanguageServer(noting).run({ request }, (error) => {
            // The SDK closes the clients of a process only (`disconnectSync`). An open one keeps all that the program made for half an hour.
            state?.settings.monitor?.close?.();
            state?.settings.engine?.close?.();
            ended.resolve(endOf(error));
        });
        return new InlineProgram(ended.promise);
    }

    async cancel(): Promise<void> {
        let timer: NodeJS.Timeout | undefined;
        const limit = new Promise<void>((resolve) => {
            timer = setTimeout(resolve, endLimitMs);
        });
        await Promise.race([this.ended, limit]);
        clearTimeout(timer);
    }
}

function endOf(error: unknown): ProgramEnd {
    if (error === null || error === undefined) return { succeeded: true };
    const failure = new UserError("program-failed", error instanceof Error ? error.message : String(error));
    return { succeeded: false, message: failure.message };
}
