/** Starts the page and connects its parts. */

import { setUpChannels } from "./channels.js";
import { prefill, setUpComposer } from "./composer.js";
import { setUpEvents } from "./events.js";
import { setUpHints } from "./hints.js";
import { memberMenu } from "./menus.js";
import { setUpMessages } from "./messages.js";
import { setUpPeople } from "./people.js";
import { setUpPins } from "./pins.js";
import { setUpReplying } from "./replying.js";
import { connect } from "./socket.js";
import { setUpStageBar } from "./stagebar.js";
import { user } from "./store.js";
import { setUpStorm } from "./storm.js";
import { setUpStream } from "./stream.js";
import { setUpToolbar } from "./toolbar.js";
import { setUpTrouble } from "./trouble.js";

/** Mentions of members and commands can be clicked, wherever they appear. */
document.addEventListener("click", ({ target, clientX: x, clientY: y }) => {
  const mention = target.closest?.(".mention[data-user], .mention[data-command]");
  if (mention?.dataset.command) prefill(mention.dataset.command);
  else if (mention && user(mention.dataset.user)) memberMenu(user(mention.dataset.user), { x, y }, mention);
});

setUpPeople();
setUpChannels();
setUpEvents();
setUpStageBar();
setUpMessages();
setUpPins();
setUpComposer();
setUpReplying();
setUpToolbar();
setUpStorm();
setUpStream();
setUpTrouble();
setUpHints();
connect();
