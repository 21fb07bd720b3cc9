import { killedEngine } from "../engine/killed-engine";
import { duration } from "./duration";

killedEngine(duration);
