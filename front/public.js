import { startSharing } from "./js/share.js";
import { tellTimeZone } from "./js/zone.js";

startSharing();
tellTimeZone();
