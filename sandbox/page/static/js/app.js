/** Puts the page together. */

import { setUpComposer } from "./composer.js";
import { setUpHints } from "./hints.js";
import { setUpMessages } from "./messages.js";
import { setUpPeople } from "./people.js";
import { connect } from "./socket.js";
import { setUpToolbar } from "./toolbar.js";

setUpPeople();
setUpMessages();
setUpComposer();
setUpToolbar();
setUpHints();
connect();
