import { killedRollout } from "../rollout/killed-rollout";
import { duration } from "./duration";

killedRollout(duration);
