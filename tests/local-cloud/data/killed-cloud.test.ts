import { killedCloud } from "./killed-cloud";

killedCloud({ rounds: 3 });
