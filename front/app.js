import "htmx.org";
import { startClock } from "./js/clock.js";
import { startDialogs } from "./js/dialogs.js";
import { startForms } from "./js/forms.js";
import { startJump } from "./js/jump.js";
import { startKeys } from "./js/keys.js";
import { startSharing } from "./js/share.js";
import { startToasts } from "./js/toasts.js";
import { tellTimeZone } from "./js/zone.js";

startToasts();
startForms();
startDialogs();
startKeys();
startJump();
startClock();
startSharing();
tellTimeZone();
