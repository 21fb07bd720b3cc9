import { killedEngine } from "./killed-engine";

killedEngine({ rounds: 3 });
