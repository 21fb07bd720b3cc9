import type { FuzzTarget } from "./fuzz-target";
import { documents } from "./targets/documents";
import { engineFiles } from "./targets/engine-files";
import { engineMessages } from "./targets/engine-messages";
import { localCloudInputs } from "./targets/local-cloud-inputs";
import { pluginMessages } from "./targets/plugin-messages";
import { policyInputs } from "./targets/policy-inputs";
import { processMessages } from "./targets/process-messages";
import { providerStates } from "./targets/provider-states";
import { rolloutTargets } from "./targets/rollout-files";
import { serviceAnswers } from "./targets/service-answers";

/** Every reader of foreign data. */
export const fuzzTargets: readonly FuzzTarget[] = [
    ...serviceAnswers,
    ...documents,
    ...engineFiles,
    ...rolloutTargets,
    ...providerStates,
    ...pluginMessages,
    ...engineMessages,
    ...processMessages,
    ...policyInputs,
    ...localCloudInputs,
];
