"""The tests that send each form with success: forms by file and test, each called by its module and class."""

from collections.abc import Mapping, Set

ANSWERED_FORMS: Mapping[str, Mapping[str, Set[str]]] = {
    "test_after_the_show": {
        "test_the_next_show_begins_with_title_and_goal_of_the_last": {"live.again.AgainForm"},
    },
    "test_announcement_settings": {
        "test_in_quiet_hours_only_live_events_are_told_and_silently": {"settings.announcing.QuietHours"},
    },
    "test_applying": {
        "test_staff_ask_members_answer_and_the_press_of_a_button_makes_a_creator": {"settings.creators.QuestionsForm"},
        "test_staff_hear_of_an_application_in_a_channel_and_decline_with_a_reason": {
            "creators.applications.DeclineForm"
        },
    },
    "test_budgets_on_screen": {
        "test_a_purchase_that_uses_most_of_a_budget_says_so_on_its_receipt": {"buy.consents.ConsentForm"},
        "test_staff_limit_new_accounts_in_the_settings": {"settings.limits.NewAccountsForm"},
        "test_the_form_of_limits_says_what_each_is_for": {"budget.views.LimitsForm"},
    },
    "test_buying_within_limits": {
        "test_a_new_account_is_told_when_it_may_buy": {"settings.limits.LimitsForm"},
        "test_packages_in_another_currency_wait_for_a_rate": {"settings.limits.RatesForm"},
    },
    "test_challenges_on_screen": {
        "test_a_bot_that_is_killed_while_it_gives_prizes_gives_each_once": {
            "challenges.forms.PointsForm",
            "challenges.prizes.PrizeForm",
        },
        "test_drafts_are_listed_changed_and_deleted_and_refused_where_they_make_no_sense": {
            "challenges.forms.BasicsForm",
            "challenges.forms.DoubleForm",
        },
    },
    "test_chests_on_screen": {
        "test_a_kill_in_the_middle_takes_nothing_from_a_chest": {"settings.chests.MinimumsForm"},
    },
    "test_chipping_in": {
        "test_a_large_part_is_asked_about_with_what_it_is_worth_and_reserved_once": {"chip_in.views.AmountForm"},
    },
    "test_creators_choices": {
        "test_senders_read_of_a_break_a_block_and_a_word_and_pay_nothing": {"creator.blocking.WordsForm"},
    },
    "test_direct_payments": {
        "test_an_auditor_reads_an_order_and_confirms_nothing": {"cases.handled.FindForm"},
        "test_money_that_staff_sent_back_takes_the_coins_with_it": {"cases.handled.RefundForm"},
        "test_one_person_is_enough_where_the_server_says_so": {"cases.handled.ConfirmForm"},
    },
    "test_earnings_on_screen": {
        "test_staff_shorten_the_hold_of_the_next_gifts": {"settings.payment_forms.HoldsForm"},
    },
    "test_freezing_on_screen": {
        "test_staff_freeze_and_unfreeze_from_the_case_and_the_lookup_and_never_themselves": {
            "cases.freezing.UnfreezeForm"
        },
    },
    "test_gift": {
        "test_no_answer_is_asked_back_as_what_it_has_become": {"gift.picker.views.NoteForm"},
    },
    "test_grant_menu": {
        "test_a_manager_grants_coins_from_the_menu_of_a_member": {"coins.grants.GrantForm"},
    },
    "test_granting_to_many": {
        "test_names_a_ratio_and_the_limit_of_one_grant": {"settings.grants.GrantLimitsForm"},
    },
    "test_history_on_screen": {
        "test_a_receipt_is_looked_up_by_its_owner_alone_and_all_of_them_saved": {"wallet.history.ReceiptForm"},
    },
    "test_kofi": {
        "test_the_token_is_never_shown_again": {"settings.payment_forms.KofiForm"},
    },
    "test_lookup": {
        "test_a_batch_is_undone_for_everyone_from_its_receipt_or_one_row_of_it": {"coins.batches.UndoForm"},
        "test_a_moderator_answers_what_happened_and_undoes_a_mistake": {"coins.reversal.ReverseForm"},
    },
    "test_managers": {
        "test_a_share_of_promo_coins_warns_and_each_change_of_shares_stands_beside_the_creators": {
            "settings.forms.Shares"
        },
    },
    "test_news": {
        "test_whoever_is_frozen_reads_why_with_their_next_reply": {"cases.freezing.FreezeForm"},
    },
    "test_own_currency": {
        "test_a_currency_is_taken_back_by_emptying_its_form": {"settings.forms.Currency"},
        "test_a_gift_out_of_the_range_is_refused_on_a_message_only": {"settings.forms.MessagePrices"},
    },
    "test_past_boards": {
        "test_a_day_that_is_over_is_found_in_the_list_in_the_menu_and_by_its_date": {"settings.forms.TimeZone"},
        "test_any_date_can_be_typed_and_an_empty_one_says_so": {"leaderboard.views.PeriodForm"},
    },
    "test_paying_by_transfer_on_screen": {
        "test_a_payout_is_sent_through_stripe_by_the_second_of_two": {"settings.transfers.TransfersForm"},
    },
    "test_payouts_on_screen": {
        "test_a_payout_from_the_earnings_to_the_money": {"creator.payouts.AmountForm", "payouts.views.PaymentForm"},
        "test_a_rejection_is_told_with_its_reason_and_gives_everything_back": {"payouts.views.RejectForm"},
        "test_what_cannot_be_requested_is_said": {"settings.payment_forms.PayoutsForm"},
    },
    "test_perks_on_screen": {
        "test_staff_hear_of_shout_outs_of_the_server_without_a_ping": {"perks.views.ShoutoutForm"},
    },
    "test_picker": {
        "test_any_number_can_be_typed": {"gift.picker.views.CountForm"},
    },
    "test_prices": {
        "test_a_threshold_that_fell_below_the_price_asks_for_the_same_price": {"settings.forms.Threshold"},
    },
    "test_rare_presses": {
        "test_a_word_that_nobody_may_send_is_refused_with_every_gift": {"settings.creators.GuildWordsForm"},
        "test_stats_are_shown_for_another_period_and_any_month": {"creator.stats.StatsPeriodForm"},
    },
    "test_trying_things_out": {
        "test_beside_real_money_they_count_on_no_board_and_are_kept_apart": {"settings.payment_forms.ManualForm"},
    },
    "test_turning_pages": {
        "test_applications": {"creator.applying.ApplyForm"},
        "test_flags": {"coins.lookup.FlagForm"},
    },
}
