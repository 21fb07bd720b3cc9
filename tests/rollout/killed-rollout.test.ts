import { killedRollout } from "./killed-rollout";

killedRollout({ rounds: 2 });
