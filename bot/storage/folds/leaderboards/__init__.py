"""Leaderboards: who gives, who receives and what is given, ranked for all time, by calendar and by live event.

One gift of 10 coins from Alice to Mia changes one line of four leaderboards, and of four more during a live event:

    leaderboard (table ladders)          line (table standings)       all time   day   week   month
    gifters                              Alice                             +10   +10    +10     +10
    gifters, for Mia                     Alice                             +10   +10    +10     +10
    creators                             Mia                               +10   +10    +10     +10
    gifts                                Paper Crane                       +10   +10    +10     +10

A line keeps the sums of its latest day, week and month; the `calendar` of the guild says which are the current ones. A
line whose day is another is not ranked today. When it begins a new day or month, the old one moves to the table
past_standings, where `past` finds it and `rankings` remembers in which order. Places are ordered by coins, then by who
reached them first:

    place of a line  =  1 + lines in higher rank bins            (sums of counts, table tallies)
                          + lines ahead of it in its own bin     (a short scan of an index)

    coins    ▏1 2 3 … 31▕▏32–33▕▏34–35▕ … ▏1,024–1,087▕▏1,088–1,151▕ …      the bins: `rank_bins`
    lines    ▏many      ▕▏  12 ▕▏   9 ▕   ▏          3▕▏          1▕        how many are in each

Small leaderboards are counted without bins. `scores` keeps all of this up to date, `queries` reads it.
"""
