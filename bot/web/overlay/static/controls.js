/** What the dock and Discord's buttons say: pause, resume, skip, replay, mute, unmute, clear, test. */

/** A gift that nobody sent: with it a streamer sees and hears that all is well, also outside of a live event. */
const example = (reader) => ({
  seq: null,
  at_ms: 0,
  sender: { name: "Rosette", face: null },
  to: "",
  gift: { id: 0, name: reader.say("example"), art: new URL("mark.svg", import.meta.url).href },
  count: 1,
  coins: 1000,
  tier: "large",
  combo: 1,
  note: reader.say("exampleNote"),
  test: true,
});

/** Returns {settle, follow, hide, isHeld}; each order has a number, and one that is not new is not carried out again. */
export function makeControls({ show, sound, reader }) {
  let isPaused = false;
  let isHidden = false;
  let lastNumber = -1;

  const acts = {
    pause: () => (isPaused = true),
    resume: () => (isPaused = false),
    mute: () => (sound.isMuted = true),
    unmute: () => (sound.isMuted = false),
    skip: (now, seq) => show.skip(now, seq),
    replay: (now, seq) => show.replay(now, seq),
    clear: (now) => show.clear(now),
    test: () => show.offer([example(reader())]),
  };

  return {
    settle(queue) {
      isPaused = Boolean(queue?.paused);
      sound.isMuted = Boolean(queue?.muted);
    },
    follow({ do: name, seq, nr }, now) {
      if (Number.isInteger(nr) && nr <= lastNumber) return;
      if (Number.isInteger(nr)) lastNumber = nr;
      if (Object.hasOwn(acts, name)) acts[name](now, seq ?? null);
    },
    hide(isOutOfSight) {
      isHidden = isOutOfSight;
    },
    /** Whether nothing may begin: paused, or nobody could see it. */
    isHeld: () => isPaused || isHidden || document.visibilityState === "hidden",
  };
}
