/** Puts the page together. */

import { prefill, setUpComposer } from "./composer.js";
import { setUpHints } from "./hints.js";
import { memberMenu } from "./menus.js";
import { setUpMessages } from "./messages.js";
import { setUpPeople } from "./people.js";
import { connect } from "./socket.js";
import { user } from "./store.js";
import { setUpToolbar } from "./toolbar.js";

/** Mentions of members and commands can be pressed, wherever they stand. */
document.addEventListener("click", ({ target, clientX: x, clientY: y }) => {
  const mention = target.closest?.(".mention[data-user], .mention[data-command]");
  if (mention?.dataset.command) prefill(mention.dataset.command);
  else if (mention && user(mention.dataset.user)) memberMenu(user(mention.dataset.user), { x, y }, mention);
});

setUpPeople();
setUpMessages();
setUpComposer();
setUpToolbar();
setUpHints();
connect();
