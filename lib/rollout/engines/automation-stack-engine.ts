import type * as automation from "@pulumi/pulumi/automation";
import { UserError } from "../../errors";
import type { RolloutStack } from "../file/rollout-file";
import type { EngineResult, OperationOptions, PreviewOptions, StackEngine } from "./stack-engine";

type Automation = typeof automation;

/** The `pulumi` CLI of this machine, through Pulumi's Automation API. */
export class AutomationStackEngine implements StackEngine {
    readonly #automation: Automation;
    readonly #command: automation.PulumiCommand;
    readonly #environment: Readonly<Record<string, string>>;

    private constructor(
        readonly name: string,
        automation: Automation,
        command: automation.PulumiCommand,
        environment: Readonly<Record<string, string>>,
    ) {
        this.#automation = automation;
        this.#command = command;
        this.#environment = environment;
    }

    /**
     * Finds the CLI on the PATH. The Automation API is loaded only here, since it takes long.
     * @param environment of its processes
     * @throws UserError `engine-unavailable` when there is no usable one
     */
    static async find(environment: NodeJS.ProcessEnv): Promise<AutomationStackEngine> {
        const loaded = await import("@pulumi/pulumi/automation/index.js");
        let command: automation.PulumiCommand;
        try {
            command = await loaded.PulumiCommand.get();
        } catch (error) {
            const [why] = String((error as Error).message).split("\n");
            throw new UserError("engine-unavailable", `No usable pulumi CLI was found: ${why}`, {}, { cause: error });
        }
        const variables = Object.entries(environment).filter(
            (entry): entry is [string, string] => entry[1] !== undefined,
        );
        const name = `pulumi ${command.version ?? ""}`.trim();
        return new AutomationStackEngine(name, loaded, command, Object.fromEntries(variables));
    }

    async preview(stack: RolloutStack, options: PreviewOptions): Promise<EngineResult> {
        return await this.#run(stack, options.create, async (opened) => await opened.preview(callOptions(options)));
    }

    async up(stack: RolloutStack, options: OperationOptions): Promise<EngineResult> {
        return await this.#run(
            stack,
            false,
            async (opened) => await opened.up({ ...callOptions(options), showSecrets: false }),
        );
    }

    async #run(
        stack: RolloutStack,
        create: boolean,
        operation: (opened: automation.Stack) => Promise<unknown>,
    ): Promise<EngineResult> {
        const { LocalWorkspace, CommandError } = this.#automation;
        const place = { stackName: stack.stack, workDir: stack.workDir };
        const envVars = { PULUMI_SKIP_UPDATE_CHECK: "true", ...this.#environment };
        const settings = { pulumiCommand: this.#command, envVars };
        try {
            const opened = create
                ? await LocalWorkspace.createOrSelectStack(place, settings)
                : await LocalWorkspace.selectStack(place, settings);
            const values = Object.entries(stack.configuration).map(([key, value]) => [key, { value }] as const);
            if (values.length > 0) await opened.setAllConfig(Object.fromEntries(values));
            await operation(opened);
            return { succeeded: true, printed: "" };
        } catch (error) {
            if (!(error instanceof CommandError)) throw error;
            return { succeeded: false, printed: error.message };
        }
    }
}

function callOptions({ refresh, policyPacks, onEvent, cancel }: OperationOptions) {
    return {
        refresh,
        policyPacks: [...policyPacks],
        color: "never" as const,
        onEvent,
        signal: cancel,
    };
}
