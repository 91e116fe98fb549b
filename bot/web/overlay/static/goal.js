/** The goal of the running live event: a bar that only ever shows the sum it was sent. */

import { make, show, write } from "./dom.js";

export class Goal {
  #reader;
  #label = make("span", "rosette-goal-label");
  #sum = make("span", "rosette-goal-sum rosette-coins");
  #fill = make("div", "rosette-goal-fill");

  constructor(reader) {
    this.#reader = reader;
    const head = make("div", "rosette-goal-head", this.#label, this.#sum);
    this.element = make("section", "rosette-widget rosette-goal", head, make("div", "rosette-goal-track", this.#fill));
    this.element.hidden = true;
  }

  render(goal) {
    show(this.element, Boolean(goal));
    if (!goal) return;
    const reader = this.#reader();
    const isReached = goal.sum >= goal.amount;
    this.element.classList.toggle("is-reached", isReached);
    write(this.#label, reader.say(isReached ? "goalReached" : "goal"));
    write(this.#sum, `${reader.number(goal.sum)} / ${reader.number(goal.amount)}`);
    const share = goal.amount > 0 ? Math.min(1, goal.sum / goal.amount) : 1;
    this.#fill.style.setProperty("--rosette-share", share.toFixed(4));
  }
}
