import type { FuzzTarget } from "./fuzz-target";
import { documents } from "./targets/documents";
import { engineFiles } from "./targets/engine-files";
import { pluginMessages } from "./targets/plugin-messages";
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
];
