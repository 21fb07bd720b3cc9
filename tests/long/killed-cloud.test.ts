import { killedCloud } from "../local-cloud/data/killed-cloud";
import { duration } from "./duration";

killedCloud(duration);
